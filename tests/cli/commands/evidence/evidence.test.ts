import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import type { TrailDocument } from "../../../../cli/audit/trail/types.ts";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { folderHashes } from "../../../../cli/commands/evidence/folderHashes.ts";
import { exitCodes } from "../../../../cli/errors.ts";
import type { Manifest } from "../../../../cli/evidence/manifest.ts";
import { filesIn } from "../../../../cli/evidence/packReader.ts";
import { verifyPack } from "../../../../cli/evidence/verifyPack.ts";
import { verifySources } from "../../../../cli/evidence/verifySources.ts";
import { runProgram } from "../../../../cli/program.ts";
import { fakeIo, type FakeIo } from "../../fakeIo.ts";
import { TrailFolder } from "../trail/logFolder.ts";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

describe("evidence", () => {
  const logs = new TrailFolder().request(0).session(1, 60).session(2, 7200, { userEmail: "eve@example.com" });
  const work = mkdtempSync(join(tmpdir(), "evidence-"));
  const inWork = (name: string): string => join(work, name);
  const pack = inWork("pack");
  const files = [
    "archive.json",
    "coverage.json",
    "records/activity.ndjson",
    "records/audit.ndjson",
    "records/flows.ndjson",
    "report.html",
    "trail.csv",
    "trail.json",
  ];
  let packed: Ran;

  before(async () => {
    // The second one is behind no session.
    await logs.flow(7200, "OpenSsh").flow(14_400, "OpenSsh").run([]);
    for (const name of ["ada", "eve"]) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", inWork(name)]);
    }
    writeFileSync(inWork("signers"), `ada@example.com ${readFileSync(inWork("ada.pub"), "utf8")}`);
    packed = await run("pack", "--source", logs.path, "--out", "pack", "--sign-key", "ada");
  });

  after(() => {
    for (const folder of [work, logs.path]) rmSync(folder, { recursive: true });
  });

  async function run(...words: string[]): Promise<Ran> {
    return runIn(fakeIo({ now: "2026-05-05T12:00:00Z", cwd: work }), words);
  }

  async function runIn(io: FakeIo, words: readonly string[]): Promise<Ran> {
    const code = await runProgram(["evidence", ...words], io, { commands, groups, version: "0.0.0" });
    return { code, ...io.written };
  }

  /** A copy of the pack to change. */
  function copy(): string {
    const folder = mkdtempSync(inWork("copy-"));
    cpSync(pack, folder, { recursive: true });
    return folder;
  }

  function manifestOf(folder: string): Manifest {
    return JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
  }

  /** Another byte in the middle. */
  function changeByte(file: string): void {
    const bytes = readFileSync(file);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = bytes[middle] === 0x61 ? 0x62 : 0x61;
    writeFileSync(file, bytes);
  }

  async function zipped(path: string, names: readonly string[]): Promise<void> {
    const zip = new ZipFile();
    for (const name of names) {
      if (name.endsWith("/")) zip.addEmptyDirectory(name);
      else zip.addFile(join(pack, name), name);
    }
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(path));
  }

  const all = [...files, "manifest.json", "manifest.json.sha256", "manifest.json.sig"];

  describe("pack", () => {
    it("writes a folder that only its owner may read, and prints the SHA-256 of its manifest", () => {
      const hash = sha256(readFileSync(join(pack, "manifest.json")));
      assert.deepEqual(packed, {
        code: exitCodes.fine,
        stdout: "",
        stderr: `2 sessions from 4 source files written to ${pack}. Signed.\nSHA-256 of the manifest: ${hash}\n`,
      });
      assert.deepEqual(
        readdirSync(pack, { recursive: true })
          .map(String)
          .filter((name) => name !== "records")
          .toSorted(),
        all.toSorted(),
      );
      assert.equal(statSync(pack).mode & 0o777, 0o700);
      for (const name of files) assert.equal(statSync(join(pack, name)).mode & 0o777, 0o600);
    });

    it("lists every file and every source file with its size and SHA-256", () => {
      const manifest = manifestOf(pack);
      const hashed = (folder: string, name: string) => {
        const bytes = readFileSync(join(folder, name));
        return { name, bytes: bytes.length, sha256: sha256(bytes) };
      };
      assert.deepEqual(
        manifest.files,
        files.map((name) => hashed(pack, name)),
      );
      const flows = [7200, 14_400].map((second) => `flowLogResourceID=/S/PT${second}.json`);
      const sources = ["activity.json", "audit.json", ...flows].toSorted();
      assert.deepEqual(
        manifest.sources,
        sources.map((name) => hashed(logs.path, name)),
      );
      assert.equal(
        readFileSync(join(pack, "manifest.json.sha256"), "utf8"),
        `${packed.stderr.slice(-65, -1)}  manifest.json\n`,
      );
    });

    it("has the same trail as `trail --json` and `trail --csv`", async () => {
      const json = await logs.run(["--json"]);
      assert.equal(readFileSync(join(pack, "trail.json"), "utf8"), json.stdout);
      const csv = await logs.run(["--csv"]);
      assert.equal(readFileSync(join(pack, "trail.csv"), "utf8"), csv.stdout);
      const { trail, coverage } = JSON.parse(json.stdout) as TrailDocument;
      assert.equal(trail.length, 2);
      assert.deepEqual(JSON.parse(readFileSync(join(pack, "coverage.json"), "utf8")), {
        ...coverage,
        unread: { lost: 0, aside: 0 },
        unreadable: [],
      });
      assert.match(readFileSync(join(pack, "report.html"), "utf8"), /^<!doctype html>/);
      const state = { notRead: "The source is a folder.", containers: [] };
      assert.deepEqual(JSON.parse(readFileSync(join(pack, "archive.json"), "utf8")), state);
    });

    it("has the records of each log, with the source file and the line of each", () => {
      const lines = (name: string) =>
        readFileSync(join(pack, "records", name), "utf8")
          .trim()
          .split("\n");
      const source = readFileSync(join(logs.path, "audit.json"), "utf8").trim().split("\n");
      assert.deepEqual(
        lines("audit.ndjson").map((line) => JSON.parse(line) as unknown),
        source.map((text, index) => ({ file: "audit.json", line: index + 1, record: JSON.parse(text) as unknown })),
      );
      assert.equal(lines("activity.ndjson").length, 3);
      const file = "flowLogResourceID=/S/PT7200.json";
      const { records } = JSON.parse(readFileSync(join(logs.path, file), "utf8")) as { records: unknown[] };
      assert.deepEqual(
        lines("flows.ndjson").map((line) => JSON.parse(line) as unknown),
        records.map((record) => ({ file, line: 1, record })),
      );
    });

    it("never overwrites a pack, and says so before it reads", async () => {
      const { code, stderr } = await run("pack", "--source", logs.path, "--out", "pack");
      assert.equal(code, exitCodes.failure);
      assert.equal(stderr, `error: ${pack} already exists. Evidence is not overwritten: use another --out.\n`);
    });

    it("refuses a place in its own source", async () => {
      const { code, stderr } = await run("pack", "--source", logs.path, "--out", join(logs.path, "pack"));
      assert.equal(code, exitCodes.failure);
      const said = `${join(logs.path, "pack")} is in the source folder ${logs.path}. Use an --out outside of it.`;
      assert.equal(stderr, `error: ${said}\n`);
    });

    it("leaves nothing behind if it cannot finish", async () => {
      const io = fakeIo({ now: "2026-05-05T12:00:00Z", cwd: work });
      io.interrupt();
      await runIn(io, ["pack", "--source", logs.path, "--out", "stopped.zip"]);
      const key = await run("pack", "--source", logs.path, "--out", "stopped.zip", "--sign-key", "signers");
      assert.equal(key.code, exitCodes.failure);
      assert.match(key.stderr, /^error: The pack was not signed: .+\. Pass a usable OpenSSH key to --sign-key\.\n$/);
      assert.deepEqual(
        readdirSync(work).filter((name) => name.startsWith("stopped")),
        [],
      );
    });
  });

  describe("verify", () => {
    /** The problems of a pack, one a line. */
    async function problems(path: string, ...words: string[]): Promise<string> {
      const { code, stdout } = await run("verify", path, ...words);
      assert.equal(code, stdout === "" ? exitCodes.fine : exitCodes.findings);
      return stdout;
    }

    it("finds no problem in a pack as it was written", async () => {
      const { code, stdout, stderr } = await run("verify", "pack", "--source", logs.path);
      assert.deepEqual([code, stdout], [exitCodes.fine, ""]);
      assert.match(
        stderr,
        /^Checked 8 files and 4 source files: no problem found\.\nSHA-256 of the manifest: [0-9a-f]{64}\nGood ".+" signature with ED25519 key SHA256:.+\.\nWhose key that is was not checked: give --allowed-signers and --identity\.\n$/,
      );
    });

    it("checks a zip file without extracting it", async () => {
      const { code } = await run("pack", "--source", logs.path, "--out", "pack.zip");
      assert.equal(code, exitCodes.fine);
      assert.equal(statSync(inWork("pack.zip")).mode & 0o777, 0o600);
      const { stderr } = await run("verify", "pack.zip", "--source", logs.path);
      assert.match(stderr, /^Checked 8 files and 4 source files: no problem found\.\n/);
      assert.match(
        stderr,
        /\nThe pack is not signed: compare the SHA-256 of the manifest with the one that its maker has\.\n$/,
      );
    });

    for (const name of files) {
      it(`names ${name} where one byte of it has changed`, async () => {
        const changed = copy();
        const file = join(changed, name);
        const before = sha256(readFileSync(file));
        changeByte(file);
        const after = sha256(readFileSync(file));
        const said = `${name} has changed: its SHA-256 is ${after}, the manifest says ${before}.\n`;
        assert.equal(await problems(changed), said);
      });
    }

    it("names the manifest where one byte of it has changed", async () => {
      const changed = copy();
      const file = join(changed, "manifest.json");
      writeFileSync(file, readFileSync(file, "utf8").replace("2026-05-05", "2026-05-06"));
      const hash = sha256(readFileSync(file));
      const [first, second = ""] = (await problems(changed)).split("\n");
      assert.equal(first, `manifest.json or manifest.json.sha256 has changed: the SHA-256 of the manifest is ${hash}.`);
      assert.match(second, /^manifest\.json\.sig is not a valid signature of the manifest: .*incorrect signature/);
    });

    it("names the hash of the manifest where it has changed or is missing", async () => {
      const changed = copy();
      const hash = sha256(readFileSync(join(changed, "manifest.json")));
      changeByte(join(changed, "manifest.json.sha256"));
      const said = `manifest.json or manifest.json.sha256 has changed: the SHA-256 of the manifest is ${hash}.\n`;
      assert.equal(await problems(changed), said);
      rmSync(join(changed, "manifest.json.sha256"));
      assert.equal(await problems(changed), "manifest.json.sha256 is missing.\n");
    });

    it("names every file that is missing, longer, added or a link", async () => {
      const changed = copy();
      rmSync(join(changed, "trail.csv"));
      const { bytes } = manifestOf(changed).files.find(({ name }) => name === "trail.json")!;
      appendFileSync(join(changed, "trail.json"), "\n");
      writeFileSync(join(changed, "records", ".hidden"), "");
      symlinkSync(join(pack, "trail.csv"), join(changed, "link"));
      const said = [
        "records/.hidden is not in the manifest.",
        "link is neither a file nor a folder.",
        "trail.csv is missing.",
        `trail.json has changed: it has ${bytes + 1} bytes, the manifest says ${bytes}.`,
      ];
      assert.equal(await problems(changed), said.map((line) => `${line}\n`).join(""));
    });

    it("names every source file that has changed or is missing, and not one that has only grown", async () => {
      const source = mkdtempSync(inWork("source-"));
      cpSync(logs.path, source, { recursive: true });
      appendFileSync(join(source, "activity.json"), "{}\n");
      assert.equal(await problems("pack", "--source", source), "");
      const audit = join(source, "audit.json");
      const before = readFileSync(audit);
      changeByte(audit);
      const { length } = before;
      const hashes = `${sha256(readFileSync(audit))}, the manifest says ${sha256(before)}`;
      const changed = `audit.json in ${source} has changed: the SHA-256 of its first ${length} bytes is ${hashes}.\n`;
      assert.equal(await problems("pack", "--source", source), changed);
      writeFileSync(audit, before.subarray(1));
      rmSync(join(source, "activity.json"));
      assert.equal(
        await problems("pack", "--source", source),
        `activity.json is missing in ${source}.\n` +
          `audit.json in ${source} has changed: it has fewer than the ${length} bytes that were read for the pack.\n`,
      );
    });

    it("names a file and a source that cannot be read, and checks the others", async () => {
      const changed = copy();
      changeByte(join(changed, "trail.csv"));
      const { entries } = await filesIn(changed);
      const gone = {
        entries: entries.filter(({ name }) => name !== "manifest.json.sig"),
        odd: [],
        close: () => undefined,
      };
      rmSync(join(changed, "trail.json"));
      const { problems: found } = await verifyPack(gone, undefined);
      assert.deepEqual(
        found.map(({ message }) => message.replace(/SHA-256.*/, "…")),
        [
          "trail.csv has changed: its …",
          "trail.json cannot be read: it does not exist, or is a symbolic link to something that does not.",
        ],
      );
      const folder = mkdtempSync(inWork("source-"));
      const [one, two] = ["one.json", "two.json"].map((name) => ({ name, bytes: 1, sha256: sha256("x") }));
      for (const { name } of [one!, two!]) writeFileSync(join(folder, name), "y");
      const hashOf = await folderHashes(folder, fakeIo({ cwd: work }), {
        update: () => undefined,
        end: () => undefined,
      });
      rmSync(join(folder, "one.json"));
      assert.deepEqual(
        (await verifySources([one!, two!], hashOf, "here")).map(({ message }) => message.replace(/SHA-256.*/, "…")),
        [
          "one.json in here cannot be read: it does not exist, or is a symbolic link to something that does not.",
          "two.json in here has changed: the …",
        ],
      );
    });

    it("accepts the signature of who is named, and of nobody else", async () => {
      const ada = ["--allowed-signers", "signers", "--identity", "ada@example.com"];
      const { code, stderr } = await run("verify", "pack", ...ada);
      assert.equal(code, exitCodes.fine);
      assert.match(
        stderr,
        /\nGood "evidence-pack@bastion-trail" signature for ada@example\.com with ED25519 key SHA256:.+\.\n$/,
      );
      const eve = copy();
      rmSync(join(eve, "manifest.json.sig"));
      execFileSync("ssh-keygen", [
        ...["-q", "-Y", "sign", "-f", inWork("eve"), "-n", "evidence-pack@bastion-trail"],
        join(eve, "manifest.json"),
      ]);
      assert.match(
        await problems(eve, ...ada),
        /^manifest\.json\.sig is not a valid signature of the manifest by ada@example\.com: .+\.\n$/,
      );
      rmSync(join(eve, "manifest.json.sig"));
      assert.equal(await problems(eve, ...ada), "manifest.json.sig is missing: the pack is not signed.\n");
    });

    it("does not accept a signature that was made for something else", async () => {
      const other = copy();
      rmSync(join(other, "manifest.json.sig"));
      execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-f", inWork("ada"), "-n", "file", join(other, "manifest.json")]);
      assert.match(await problems(other), /^manifest\.json\.sig is not a valid signature of the manifest: .+\.\n$/);
    });

    it("prints one JSON document", async () => {
      const changed = copy();
      rmSync(join(changed, "trail.csv"));
      const { code, stdout } = await run("verify", changed, "--json");
      assert.equal(code, exitCodes.findings);
      const { signedBy, ...document } = JSON.parse(stdout) as Record<string, unknown>;
      assert.match(String(signedBy), /^Good /);
      assert.deepEqual(document, {
        pack: changed,
        manifestSha256: sha256(readFileSync(join(changed, "manifest.json"))),
        checked: { files: 8, sources: 0 },
        signature: "valid",
        problems: [{ of: "file", name: "trail.csv", message: "trail.csv is missing." }],
      });
    });

    it("ignores the entries of folders in a zip file, and names one that is a link", async () => {
      const path = inWork("again.zip");
      await zipped(path, ["records/", ...all, "empty/"]);
      assert.equal(await problems(path), "");
      await zipped(path, all);
      const [link = ""] = all;
      const bytes = readFileSync(path);
      const central = bytes.indexOf(Buffer.from("PK\u0001\u0002"));
      bytes.writeUInt32LE((0o120777 << 16) >>> 0, central + 38);
      // The mode of the first file, in its entry of the central directory (APPNOTE.TXT, 4.3.12).
      writeFileSync(path, bytes);
      assert.equal(await problems(path), `${link} is neither a file nor a folder.\n${link} is missing.\n`);
    });

    it("refuses a zip file with a hostile name, or with one name twice", async () => {
      const names = ["../manifest.json", "/manifest.json", "..\\manifest.jso"] as const;
      const reasons = ["invalid relative path: ", "absolute path: ", "invalid characters in fileName: "] as const;
      for (const [index, name] of names.entries()) {
        const path = inWork(`hostile-${index}.zip`);
        await zipped(path, all);
        const bytes = readFileSync(path, "latin1");
        // Of the same length, so that the zip file stays whole.
        const inside = "records/flows.ndjson";
        writeFileSync(path, bytes.replaceAll(inside, name.padEnd(inside.length, "n")), "latin1");
        const { code, stderr } = await run("verify", path);
        assert.equal(code, exitCodes.failure);
        const said = `${path} is refused: ${reasons[index] ?? ""}${name.padEnd(inside.length, "n")}.`;
        assert.equal(stderr, `error: ${said} Get the evidence pack again from whoever made it.\n`);
      }
      const twice = inWork("twice.zip");
      await zipped(twice, all);
      writeFileSync(twice, readFileSync(twice, "latin1").replaceAll("trail.csv", "trail.cs2"), "latin1");
      assert.equal(await problems(twice), "trail.cs2 is not in the manifest.\ntrail.csv is missing.\n");
      await zipped(twice, [...all, "trail.csv"]);
      const { code, stderr } = await run("verify", twice);
      assert.equal(code, exitCodes.failure);
      assert.match(stderr, /twice\.zip is refused: two files have the name trail\.csv\./);
    });

    it("refuses what is not a pack", async () => {
      const refused = async (path: string, ...words: string[]): Promise<string> => {
        const { code, stderr } = await run("verify", path, ...words);
        assert.equal(code, exitCodes.failure);
        return stderr;
      };
      const hint = "Pass the folder or the .zip file of an evidence pack.";
      assert.equal(await refused("nowhere"), `error: File or folder not found: ${inWork("nowhere")}. ${hint}\n`);
      assert.equal(await refused(logs.path), `error: The pack has no manifest.json. ${hint}\n`);
      symlinkSync("loop", inWork("loop"));
      assert.equal(
        await refused("loop"),
        `error: ${inWork("loop")} cannot be read: its symbolic links form a loop. ${hint}\n`,
      );
      const around = mkdtempSync(inWork("around-"));
      cpSync(pack, join(around, "one"), { recursive: true });
      assert.equal(
        await refused(around),
        "error: The pack has no manifest.json, but its folder one has one. Pass that folder, unpacked if it is in a .zip file.\n",
      );
      assert.match(await refused("signers"), /signers is refused: .+\. Get the evidence pack again/);
      const broken = copy();
      writeFileSync(join(broken, "manifest.json"), '{"format": "other"}');
      assert.match(await refused(broken), /manifest\.json is not a manifest of format version 1: format: /);
      writeFileSync(join(broken, "manifest.json"), "{");
      assert.match(await refused(broken), /^error: manifest\.json is not JSON\./);
      const both = "error: --allowed-signers and --identity must be used together. Pass both.\n";
      assert.equal(await refused("pack", "--identity", "ada@example.com"), both);
    });
  });
});
