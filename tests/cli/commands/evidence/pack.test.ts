import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TrailDocument } from "../../../../cli/audit/trail/types.ts";
import { exitCodes } from "../../../../cli/errors.ts";
import { fakeIo } from "../../fakeIo.ts";
import { allFiles, EvidenceFolder, files, manifestOf } from "./evidenceFolder.ts";

const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

describe("evidence pack", () => {
  const evidence = new EvidenceFolder();
  let packed: Awaited<ReturnType<EvidenceFolder["write"]>>;
  before(async () => {
    packed = await evidence.write();
  });
  after(() => {
    evidence.remove();
  });

  it("writes a folder that only its owner may read, and prints the SHA-256 of its manifest", () => {
    const hash = sha256(readFileSync(join(evidence.pack, "manifest.json")));
    assert.deepEqual(packed, {
      code: exitCodes.fine,
      stdout: "",
      stderr: `The activity log is complete from 2026-05-04 12:00:00Z until 2026-05-04 13:00:00Z.\n2 sessions from 4 source files written to ${evidence.pack}. Signed.\nSHA-256 of the manifest: ${hash}\n`,
    });
    assert.deepEqual(
      readdirSync(evidence.pack, { recursive: true })
        .map(String)
        .filter((name) => name !== "records")
        .toSorted(),
      allFiles.toSorted(),
    );
    assert.equal(statSync(evidence.pack).mode & 0o777, 0o700);
    for (const name of files) assert.equal(statSync(join(evidence.pack, name)).mode & 0o777, 0o600);
  });

  it("lists every file and every source file with its size and SHA-256", () => {
    const manifest = manifestOf(evidence.pack);
    const hashed = (folder: string, name: string) => {
      const bytes = readFileSync(join(folder, name));
      return { name, bytes: bytes.length, sha256: sha256(bytes) };
    };
    assert.deepEqual(
      manifest.files,
      files.map((name) => hashed(evidence.pack, name)),
    );
    const flows = [7200, 14_400].map((second) => `flowLogResourceID=/S/PT${second}.json`);
    const sources = ["activity.json", "audit.json", ...flows].toSorted();
    assert.deepEqual(
      manifest.sources,
      sources.map((name) => hashed(evidence.logs.path, name)),
    );
    assert.equal(
      readFileSync(join(evidence.pack, "manifest.json.sha256"), "utf8"),
      `${packed.stderr.slice(-65, -1)}  manifest.json\n`,
    );
  });

  it("has the same trail as `trail --json` and `trail --csv`", async () => {
    const json = await evidence.logs.run(["--json"]);
    assert.equal(readFileSync(join(evidence.pack, "trail.json"), "utf8"), json.stdout);
    const csv = await evidence.logs.run(["--csv"]);
    assert.equal(readFileSync(join(evidence.pack, "trail.csv"), "utf8"), csv.stdout);
    const { trail, coverage } = JSON.parse(json.stdout) as TrailDocument;
    assert.equal(trail.length, 2);
    assert.deepEqual(JSON.parse(readFileSync(join(evidence.pack, "coverage.json"), "utf8")), {
      ...coverage,
      unread: { lost: 0, aside: 0 },
      unreadable: [],
    });
    assert.match(readFileSync(join(evidence.pack, "report.html"), "utf8"), /^<!doctype html>/);
    const state = { notRead: "The source is a folder.", containers: [] };
    assert.deepEqual(JSON.parse(readFileSync(join(evidence.pack, "archive.json"), "utf8")), state);
  });

  it("has the records of each log, with the source file and the line of each", () => {
    const lines = (name: string) =>
      readFileSync(join(evidence.pack, "records", name), "utf8")
        .trim()
        .split("\n");
    const source = readFileSync(join(evidence.logs.path, "audit.json"), "utf8").trim().split("\n");
    assert.deepEqual(
      lines("audit.ndjson").map((line) => JSON.parse(line) as unknown),
      source.map((text, index) => ({ file: "audit.json", line: index + 1, record: JSON.parse(text) as unknown })),
    );
    assert.equal(lines("activity.ndjson").length, 3);
    const file = "flowLogResourceID=/S/PT7200.json";
    const { records } = JSON.parse(readFileSync(join(evidence.logs.path, file), "utf8")) as { records: unknown[] };
    assert.deepEqual(
      lines("flows.ndjson").map((line) => JSON.parse(line) as unknown),
      records.map((record) => ({ file, line: 1, record })),
    );
  });

  it("never overwrites a evidence.pack, and says so before it reads", async () => {
    const { code, stderr } = await evidence.run("pack", "--source", evidence.logs.path, "--out", "pack");
    assert.equal(code, exitCodes.failure);
    assert.equal(stderr, `error: ${evidence.pack} already exists. Evidence is not overwritten: use another --out.\n`);
  });

  it("refuses a place in its own source", async () => {
    const { code, stderr } = await evidence.run(
      "pack",
      "--source",
      evidence.logs.path,
      "--out",
      join(evidence.logs.path, "pack"),
    );
    assert.equal(code, exitCodes.failure);
    const said = `${join(evidence.logs.path, "pack")} is in the source folder ${evidence.logs.path}. Use an --out outside of it.`;
    assert.equal(stderr, `error: ${said}\n`);
  });

  it("leaves nothing behind if it cannot finish", async () => {
    const io = fakeIo({ now: "2026-05-05T12:00:00Z", cwd: evidence.path });
    io.interrupt();
    await evidence.runIn(io, ["pack", "--source", evidence.logs.path, "--out", "stopped.zip"]);
    assert.deepEqual(
      readdirSync(evidence.path).filter((name) => name.startsWith("stopped")),
      [],
    );
  });

  it("says before it reads that a key cannot sign", async () => {
    writeFileSync(evidence.of("readable"), readFileSync(evidence.of("ada")));
    chmodSync(evidence.of("readable"), 0o644);
    writeFileSync(evidence.of("lonely.pub"), readFileSync(evidence.of("ada.pub")));
    mkdirSync(evidence.of("folder"));
    for (const [key, said] of [
      ["missing", `File not found: ${evidence.of("missing")}. Pass an OpenSSH key to --sign-key.`],
      [
        "signers",
        /^--sign-key .+\/signers cannot sign: Couldn't load public key .+\. Pass an OpenSSH key with which ssh-keygen can sign\.$/,
      ],
      ["folder", /^--sign-key .+\/folder cannot sign: Couldn't load public key .+ can sign\.$/],
      ["readable", /^--sign-key .+\/readable cannot sign: Permissions 0644 for '.+' are too open; .+ can sign\.$/],
      ["lonely.pub", /^--sign-key .+\/lonely\.pub cannot sign: No private key found for public key .+ can sign\.$/],
    ] as const) {
      const ran = await evidence.run("pack", "--source", "missing", "--out", "unsigned", "--sign-key", key);
      const error = ran.stderr.replace(/^error: |\n$/g, "");
      if (typeof said === "string") assert.equal(error, said);
      else assert.match(error, said);
      assert.deepEqual([ran.code, existsSync(evidence.of("unsigned"))], [exitCodes.failure, false]);
    }
  });
});
