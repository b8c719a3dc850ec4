import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { appendFileSync, cpSync, mkdtempSync, readFileSync } from "node:fs";
import { rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { folderHashes } from "../../../../cli/commands/evidence/folderHashes.ts";
import { exitCodes } from "../../../../cli/errors.ts";
import { filesIn } from "../../../../cli/evidence/packReader.ts";
import { verifyPack } from "../../../../cli/evidence/verifyPack.ts";
import { verifySources } from "../../../../cli/evidence/verifySources.ts";
import { fakeIo } from "../../fakeIo.ts";
import { allFiles, EvidenceFolder, files, manifestOf } from "./evidenceFolder.ts";

const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

describe("evidence verify", () => {
  const evidence = new EvidenceFolder();
  before(() => evidence.write());
  after(() => {
    evidence.remove();
  });

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
      else zip.addFile(join(evidence.pack, name), name);
    }
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(path));
  }

  it("finds no problem in a pack as it was written", async () => {
    const { code, stdout, stderr } = await evidence.run("verify", "pack", "--source", evidence.logs.path);
    assert.deepEqual([code, stdout], [exitCodes.fine, ""]);
    assert.match(
      stderr,
      /^Checked 8 files and 4 source files: no problem found\.\nSHA-256 of the manifest: [0-9a-f]{64}\nGood ".+" signature with ED25519 key SHA256:.+\.\nWhose key that is was not checked: give --allowed-signers and --identity\.\n$/,
    );
  });

  it("checks a zip file without extracting it", async () => {
    const { code } = await evidence.run("pack", "--source", evidence.logs.path, "--out", "pack.zip");
    assert.equal(code, exitCodes.fine);
    assert.equal(statSync(evidence.of("pack.zip")).mode & 0o777, 0o600);
    const { stderr } = await evidence.run("verify", "pack.zip", "--source", evidence.logs.path);
    assert.match(stderr, /^Checked 8 files and 4 source files: no problem found\.\n/);
    assert.match(
      stderr,
      /\nThe pack is not signed: compare the SHA-256 of the manifest with the one that its maker has\.\n$/,
    );
  });

  for (const name of files) {
    it(`names ${name} where one byte of it has changed`, async () => {
      const changed = evidence.copy();
      const file = join(changed, name);
      const before = sha256(readFileSync(file));
      changeByte(file);
      const after = sha256(readFileSync(file));
      const said = `${name} has changed: its SHA-256 is ${after}, the manifest says ${before}.\n`;
      assert.equal(await evidence.problems(changed), said);
    });
  }

  it("names the manifest where one byte of it has changed", async () => {
    const changed = evidence.copy();
    const file = join(changed, "manifest.json");
    writeFileSync(file, readFileSync(file, "utf8").replace("2026-05-05", "2026-05-06"));
    const hash = sha256(readFileSync(file));
    const [first, second = ""] = (await evidence.problems(changed)).split("\n");
    assert.equal(first, `manifest.json or manifest.json.sha256 has changed: the SHA-256 of the manifest is ${hash}.`);
    assert.match(second, /^manifest\.json\.sig is not a valid signature of the manifest: .*incorrect signature/);
  });

  it("names the hash of the manifest where it has changed or is missing", async () => {
    const changed = evidence.copy();
    const hash = sha256(readFileSync(join(changed, "manifest.json")));
    changeByte(join(changed, "manifest.json.sha256"));
    const said = `manifest.json or manifest.json.sha256 has changed: the SHA-256 of the manifest is ${hash}.\n`;
    assert.equal(await evidence.problems(changed), said);
    rmSync(join(changed, "manifest.json.sha256"));
    assert.equal(await evidence.problems(changed), "manifest.json.sha256 is missing.\n");
  });

  it("names every file that is missing, longer, added or a link", async () => {
    const changed = evidence.copy();
    rmSync(join(changed, "trail.csv"));
    const { bytes } = manifestOf(changed).files.find(({ name }) => name === "trail.json")!;
    appendFileSync(join(changed, "trail.json"), "\n");
    writeFileSync(join(changed, "records", ".hidden"), "");
    symlinkSync(join(evidence.pack, "trail.csv"), join(changed, "link"));
    const said = [
      "records/.hidden is not in the manifest.",
      "link is neither a file nor a folder.",
      "trail.csv is missing.",
      `trail.json has changed: it has ${bytes + 1} bytes, the manifest says ${bytes}.`,
    ];
    assert.equal(await evidence.problems(changed), said.map((line) => `${line}\n`).join(""));
  });

  it("names every source file that has changed or is missing, and not one that has only grown", async () => {
    const source = mkdtempSync(evidence.of("source-"));
    cpSync(evidence.logs.path, source, { recursive: true });
    appendFileSync(join(source, "activity.json"), "{}\n");
    assert.equal(await evidence.problems("pack", "--source", source), "");
    const audit = join(source, "audit.json");
    const before = readFileSync(audit);
    changeByte(audit);
    const { length } = before;
    const hashes = `${sha256(readFileSync(audit))}, the manifest says ${sha256(before)}`;
    const changed = `audit.json in ${source} has changed: the SHA-256 of its first ${length} bytes is ${hashes}.\n`;
    assert.equal(await evidence.problems("pack", "--source", source), changed);
    writeFileSync(audit, before.subarray(1));
    rmSync(join(source, "activity.json"));
    assert.equal(
      await evidence.problems("pack", "--source", source),
      `activity.json is missing in ${source}.\n` +
        `audit.json in ${source} has changed: it has fewer than the ${length} bytes that were read for the pack.\n`,
    );
  });

  it("names a file and a source that cannot be read, and checks the others", async () => {
    const changed = evidence.copy();
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
    const folder = mkdtempSync(evidence.of("source-"));
    const [one, two] = ["one.json", "two.json"].map((name) => ({ name, bytes: 1, sha256: sha256("x") }));
    for (const { name } of [one!, two!]) writeFileSync(join(folder, name), "y");
    const hashOf = await folderHashes(folder, fakeIo({ cwd: evidence.path }), {
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
    const { code, stderr } = await evidence.run("verify", "pack", ...ada);
    assert.equal(code, exitCodes.fine);
    assert.match(
      stderr,
      /\nGood "evidence-pack@bastion-trail" signature for ada@example\.com with ED25519 key SHA256:.+\.\n$/,
    );
    const eve = evidence.copy();
    rmSync(join(eve, "manifest.json.sig"));
    execFileSync("ssh-keygen", [
      ...["-q", "-Y", "sign", "-f", evidence.of("eve"), "-n", "evidence-pack@bastion-trail"],
      join(eve, "manifest.json"),
    ]);
    assert.match(
      await evidence.problems(eve, ...ada),
      /^manifest\.json\.sig is not a valid signature of the manifest by ada@example\.com: .+\.\n$/,
    );
    rmSync(join(eve, "manifest.json.sig"));
    assert.equal(await evidence.problems(eve, ...ada), "manifest.json.sig is missing: the pack is not signed.\n");
  });

  it("does not accept a signature that was made for something else", async () => {
    const other = evidence.copy();
    rmSync(join(other, "manifest.json.sig"));
    execFileSync("ssh-keygen", [
      "-q",
      "-Y",
      "sign",
      "-f",
      evidence.of("ada"),
      "-n",
      "file",
      join(other, "manifest.json"),
    ]);
    assert.match(
      await evidence.problems(other),
      /^manifest\.json\.sig is not a valid signature of the manifest: .+\.\n$/,
    );
  });

  it("prints one JSON document", async () => {
    const changed = evidence.copy();
    rmSync(join(changed, "trail.csv"));
    const { code, stdout } = await evidence.run("verify", changed, "--json");
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
    const path = evidence.of("again.zip");
    await zipped(path, ["records/", ...allFiles, "empty/"]);
    assert.equal(await evidence.problems(path), "");
    await zipped(path, allFiles);
    const [link] = allFiles;
    const bytes = readFileSync(path);
    const central = bytes.indexOf(Buffer.from("PK\u0001\u0002"));
    bytes.writeUInt32LE((0o120777 << 16) >>> 0, central + 38);
    // The mode of the first file, in its entry of the central directory (APPNOTE.TXT, 4.3.12).
    writeFileSync(path, bytes);
    assert.equal(await evidence.problems(path), `${link} is neither a file nor a folder.\n${link} is missing.\n`);
  });

  it("refuses a zip file with a hostile name, or with one name twice", async () => {
    const names = ["../manifest.json", "/manifest.json", "..\\manifest.jso"] as const;
    const reasons = ["invalid relative path: ", "absolute path: ", "invalid characters in fileName: "] as const;
    for (const [index, name] of names.entries()) {
      const path = evidence.of(`hostile-${index}.zip`);
      await zipped(path, allFiles);
      const bytes = readFileSync(path, "latin1");
      // Of the same length, so that the zip file stays whole.
      const inside = "records/flows.ndjson";
      writeFileSync(path, bytes.replaceAll(inside, name.padEnd(inside.length, "n")), "latin1");
      const { code, stderr } = await evidence.run("verify", path);
      assert.equal(code, exitCodes.failure);
      const said = `${path} is refused: ${reasons[index] ?? ""}${name.padEnd(inside.length, "n")}.`;
      assert.equal(stderr, `error: ${said} Get the evidence pack again from whoever made it.\n`);
    }
    const twice = evidence.of("twice.zip");
    await zipped(twice, allFiles);
    writeFileSync(twice, readFileSync(twice, "latin1").replaceAll("trail.csv", "trail.cs2"), "latin1");
    assert.equal(await evidence.problems(twice), "trail.cs2 is not in the manifest.\ntrail.csv is missing.\n");
    await zipped(twice, [...allFiles, "trail.csv"]);
    const { code, stderr } = await evidence.run("verify", twice);
    assert.equal(code, exitCodes.failure);
    assert.match(stderr, /twice\.zip is refused: two files have the name trail\.csv\./);
  });

  it("refuses what is not a pack", async () => {
    const refused = async (path: string, ...words: string[]): Promise<string> => {
      const { code, stderr } = await evidence.run("verify", path, ...words);
      assert.equal(code, exitCodes.failure);
      return stderr;
    };
    const hint = "Pass the folder or the .zip file of an evidence pack.";
    assert.equal(await refused("nowhere"), `error: File or folder not found: ${evidence.of("nowhere")}. ${hint}\n`);
    assert.equal(await refused(evidence.logs.path), `error: The pack has no manifest.json. ${hint}\n`);
    symlinkSync("loop", evidence.of("loop"));
    assert.equal(
      await refused("loop"),
      `error: ${evidence.of("loop")} cannot be read: its symbolic links form a loop. ${hint}\n`,
    );
    const around = mkdtempSync(evidence.of("around-"));
    cpSync(evidence.pack, join(around, "one"), { recursive: true });
    assert.equal(
      await refused(around),
      "error: The pack has no manifest.json, but its folder one has one. Pass that folder, unpacked if it is in a .zip file.\n",
    );
    // A whole disk would take minutes to list.
    const far = mkdtempSync(evidence.of("far-"));
    cpSync(around, join(far, "two"), { recursive: true });
    assert.equal(await refused(far), `error: The pack has no manifest.json. ${hint}\n`);
    assert.match(await refused("signers"), /signers is refused: .+\. Get the evidence pack again/);
    const broken = evidence.copy();
    writeFileSync(join(broken, "manifest.json"), '{"format": "other"}');
    assert.match(await refused(broken), /manifest\.json is not a manifest of format version 1: format: /);
    writeFileSync(join(broken, "manifest.json"), "{");
    assert.match(await refused(broken), /^error: manifest\.json is not JSON\./);
    const both = "error: --allowed-signers and --identity must be used together. Pass both.\n";
    assert.equal(await refused("pack", "--identity", "ada@example.com"), both);
    assert.equal(
      await refused("pack", "--source", "workspace"),
      "error: --source workspace cannot be compared: a pack of a workspace has no source files. Pass archive or a folder.\n",
    );
  });
});
