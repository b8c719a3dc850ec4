import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { exitCodes } from "../../../../cli/errors.ts";
import type { Manifest } from "../../../../cli/evidence/manifest.ts";
import { runProgram } from "../../../../cli/program.ts";
import { forSuite } from "../../../held.ts";
import { trust } from "../../../trust.ts";
import { blobRecord, lines } from "../../audit/auditLines.ts";
import { container, hourBlob, startArchive } from "../../audit/sources/archive/archiveFixture.ts";
import { fakeIo } from "../../fakeIo.ts";

describe("evidence of an archive", function () {
  this.timeout(60_000);
  const work = mkdtempSync(join(tmpdir(), "evidence-"));
  const archive = forSuite(startArchive);
  let distrust: () => void;

  before(async () => {
    distrust = trust(archive.tls.ca);
    await archive.append("2026-05-04T10", record("t1", "2026-05-04T10:30:00.000Z"));
    await archive.append("2026-05-04T11", record("t2", "2026-05-04T11:30:00.000Z"));
    const range = ["--from", "2026-05-04T10:00Z", "--to", "2026-05-04T12:00Z"];
    const { code, stderr } = await run("pack", ...range, "--out", "pack", "--no-cache");
    assert.equal(code, exitCodes.fine, stderr);
    assert.match(
      stderr,
      /^The activity log was not read\. No flow log was read\.\nwarning: doctor .+\n2 sessions from 2 source files written to /,
    );
  });

  after(() => {
    distrust();
    rmSync(work, { recursive: true });
  });

  const record = (tunnelId: string, time: string): string => lines(blobRecord({ tunnelId }, { time }));
  const blobs = [hourBlob("2026-05-04T10"), hourBlob("2026-05-04T11")] as const;

  async function run(...words: string[]) {
    const io = fakeIo({ now: "2026-05-05T12:00:00Z", cwd: work });
    const access = ["--archive", archive.signedEndpoint];
    const code = await runProgram(["evidence", ...words, ...access], io, { commands, groups, version: "0.0.0" });
    return { code, ...io.written };
  }

  async function content(blob: string): Promise<Buffer> {
    return archive.client.getBlobClient(blob).downloadToBuffer();
  }

  const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

  it("lists every blob that was read with its SHA-256, and no secret", async () => {
    const text = readFileSync(join(work, "pack", "manifest.json"), "utf8");
    assert.doesNotMatch(text, /sig=/);
    const { source, sources } = JSON.parse(text) as Manifest;
    const hashed = async (blob: string) => {
      const bytes = await content(blob);
      return { name: `${container}/${blob}`, bytes: bytes.length, sha256: sha256(bytes) };
    };
    assert.deepEqual([source, sources], ["archive", await Promise.all(blobs.map(hashed))]);
  });

  it("names the blob and the line of each record", () => {
    const records = readFileSync(join(work, "pack", "records", "audit.ndjson"), "utf8")
      .trim()
      .split("\n");
    assert.deepEqual(
      records.map((line) => {
        const { file, line: number } = JSON.parse(line) as { file: string; line: number };
        return [file, number];
      }),
      blobs.map((blob) => [`${container}/${blob}`, 1]),
    );
  });

  it("says why the state of the archive was not read and doctor was not run", () => {
    const read = (name: string) =>
      JSON.parse(readFileSync(join(work, "pack", name), "utf8")) as Record<string, unknown>;
    const reason = /^The Azure subscription is not known\.$/;
    const { notRead, containers } = read("archive.json");
    assert.match(String(notRead), reason);
    assert.deepEqual(containers, []);
    assert.match(String(read("doctor.json").notRun), reason);
  });

  it("names the blob of a record that cannot be read, not its copy", async () => {
    await archive.append("2026-05-04T13", '{"time": "2026-05-04T13:10:00Z", "category"\n');
    const range = ["--from", "2026-05-04T13:00Z", "--to", "2026-05-04T14:00Z"];
    const { code, stderr } = await run("pack", ...range, "--out", "damaged");
    assert.equal(code, exitCodes.findings, stderr);
    const text = readFileSync(join(work, "damaged", "coverage.json"), "utf8");
    const { unreadable } = JSON.parse(text) as { unreadable: { file: string; line: number }[] };
    assert.deepEqual(
      unreadable.map(({ file, line }) => [file, line]),
      [[hourBlob("2026-05-04T13"), 1]],
    );
  });

  it("finds no problem in an archive that has only grown", async () => {
    await archive.append("2026-05-04T10", record("t3", "2026-05-04T10:40:00.000Z"));
    const { code, stdout, stderr } = await run("verify", "pack", "--source", "archive");
    assert.deepEqual([code, stdout], [exitCodes.fine, ""]);
    assert.match(stderr, /^Checked \d files and 2 source files: no problem found\.\n/);
  });

  it("names a blob that was written again, one that is shorter and one that is gone", async () => {
    const [first, second] = blobs;
    const before = await content(first);
    const rewrite = async (blob: string, bytes: Buffer) => {
      const client = archive.client.getAppendBlobClient(blob);
      await client.delete();
      await client.create();
      await client.appendBlock(bytes, bytes.length);
    };
    const { sources } = JSON.parse(readFileSync(join(work, "pack", "manifest.json"), "utf8")) as Manifest;
    const { bytes, sha256: packed } = sources[0]!;
    const other = Buffer.from(before.toString("utf8").replace("t1", "t9"));
    await rewrite(first, other);
    await archive.client.deleteBlob(second);
    const { code, stdout } = await run("verify", "pack", "--source", "archive");
    assert.equal(code, exitCodes.findings);
    const found = sha256(other.subarray(0, bytes));
    assert.equal(
      stdout,
      `${container}/${first} in the archive has changed: the SHA-256 of its first ${bytes} bytes is ${found}, the manifest says ${packed}.\n` +
        `${container}/${second} is missing in the archive.\n`,
    );
    await rewrite(first, other.subarray(0, bytes - 1));
    assert.match(
      (await run("verify", "pack", "--source", "archive")).stdout,
      new RegExp(
        `^.+ in the archive has changed: it has fewer than the ${bytes} bytes that were read for the pack\\.\\n`,
      ),
    );
  });

  it("refuses --archive without --source archive", async () => {
    const { code, stderr } = await run("verify", "pack");
    assert.equal(code, exitCodes.failure);
    assert.match(stderr, /^error: --archive cannot be used without --source\. --archive is for --source archive\.$/m);
  });
});
