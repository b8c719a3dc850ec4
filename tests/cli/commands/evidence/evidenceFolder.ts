import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { exitCodes } from "../../../../cli/errors.ts";
import type { Manifest } from "../../../../cli/evidence/manifest.ts";
import { runProgram } from "../../../../cli/program.ts";
import { fakeIo, type FakeIo } from "../../fakeIo.ts";
import { TrailFolder } from "../trail/logFolder.ts";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The files of a pack, besides its manifest. */
export const files = [
  "archive.json",
  "coverage.json",
  "records/activity.ndjson",
  "records/audit.ndjson",
  "records/flows.ndjson",
  "report.html",
  "trail.csv",
  "trail.json",
] as const;
export const allFiles = [...files, "manifest.json", "manifest.json.sha256", "manifest.json.sig"] as const;

/** A folder with logs, the keys of two people, and a pack of the logs that Ada has signed. */
export class EvidenceFolder {
  readonly logs = new TrailFolder().request(0).session(1, 60).session(2, 7200, { userEmail: "eve@example.com" });
  readonly path = mkdtempSync(join(tmpdir(), "evidence-"));
  readonly pack = this.of("pack");

  /** Path of a file in the folder. */
  of(name: string): string {
    return join(this.path, name);
  }

  /** @returns what `evidence pack` said. */
  async write(): Promise<Ran> {
    // The second one is behind no session.
    await this.logs.flow(7200, "OpenSsh").flow(14_400, "OpenSsh").run([]);
    for (const name of ["ada", "eve"]) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", this.of(name)]);
    }
    writeFileSync(this.of("signers"), `ada@example.com ${readFileSync(this.of("ada.pub"), "utf8")}`);
    return this.run("pack", "--source", this.logs.path, "--out", "pack", "--sign-key", "ada");
  }

  async run(...words: string[]): Promise<Ran> {
    return this.runIn(fakeIo({ now: "2026-05-05T12:00:00Z", cwd: this.path }), words);
  }

  async runIn(io: FakeIo, words: readonly string[]): Promise<Ran> {
    const code = await runProgram(["evidence", ...words], io, { commands, groups, version: "0.0.0" });
    return { code, ...io.written };
  }

  /** The problems of a pack, one a line. */
  async problems(path: string, ...words: string[]): Promise<string> {
    const { code, stdout } = await this.run("verify", path, ...words);
    assert.equal(code, stdout === "" ? exitCodes.fine : exitCodes.findings);
    return stdout;
  }

  /** A copy of the pack to change. */
  copy(): string {
    const folder = mkdtempSync(this.of("copy-"));
    cpSync(this.pack, folder, { recursive: true });
    return folder;
  }

  remove(): void {
    for (const folder of [this.path, this.logs.path]) rmSync(folder, { recursive: true });
  }
}

export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
}
