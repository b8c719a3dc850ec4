import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { foldFolder } from "../../../../cli/audit/sessions/foldFolder.ts";
import type { KeptEvidence } from "../../../../cli/audit/store/lifetime.ts";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runCacheLs } from "../../../../cli/commands/cache/list.ts";
import { runCacheRm } from "../../../../cli/commands/cache/remove.ts";
import { runProgram } from "../../../../cli/program.ts";
import { blobRecord, lines, LogFolder } from "../../audit/auditLines.ts";
import { fakeIo } from "../../fakeIo.ts";

const now = new Date("2026-05-04T10:30:00Z");
const form = { json: true, csv: false, local: false };

describe("cache", () => {
  let folder: LogFolder;
  beforeEach(() => {
    folder = new LogFolder();
  });
  afterEach(() => {
    folder[Symbol.dispose]();
  });
  const cacheDir = (): string => join(folder.path, "cache");
  const ls = async (): Promise<KeptEvidence[]> => {
    const io = fakeIo();
    assert.equal(await runCacheLs({ ...form, cache: cacheDir(), operands: [] }, io), 0);
    return (JSON.parse(io.written.stdout) as { kept: KeptEvidence[] }).kept;
  };
  const rm = async (operands: readonly string[], all = false): Promise<string> => {
    const io = fakeIo();
    await runCacheRm({ json: false, csv: false, local: false, cache: cacheDir(), all, operands }, io);
    return io.written.stdout + io.written.stderr;
  };
  const keep = async (name: string): Promise<void> => {
    mkdirSync(join(folder.path, name));
    const files = [folder.write(`${name}/a.json`, lines(blobRecord()))];
    const { sessions } = await foldFolder({ files, now, store: { cacheDir: cacheDir(), of: join(folder.path, name) } });
    await Array.fromAsync(sessions);
  };

  it("ls shows nothing for an empty cache", async () => {
    assert.deepEqual(await ls(), []);
  });

  it("ls and rm do not call a cache empty that they cannot read", async () => {
    writeFileSync(cacheDir(), "no folder");
    for (const words of [["ls"], ["rm", "--all"]]) {
      const io = fakeIo();
      const args = ["cache", ...words, "--cache", cacheDir()];
      assert.equal(await runProgram(args, io, { commands, groups, version: "1" }), 2);
      assert.equal(
        io.written.stderr,
        `error: A part of the path is not a folder: ${join(cacheDir(), "archive")}. The CLI's own files can be in other ` +
          "folders: set BASTION_TRAIL_CACHE, BASTION_TRAIL_STATE or TMPDIR, or pass --cache DIR.\n",
      );
    }
  });

  it("ls shows each source, rm removes one by the beginning of its id, and --all the rest", async () => {
    for (const name of ["one", "two", "three"]) await keep(name);
    const kept = await ls();
    assert.deepEqual(
      kept.map(({ of }) => of).sort(),
      ["one", "three", "two"].map((name) => join(folder.path, name)),
    );
    assert.ok(kept.every(({ bytes, files }) => bytes > 1000 && files === 3));
    const two = kept.find(({ of }) => of.endsWith("two"))!;
    const said = await rm([two.id.slice(0, 8)]);
    assert.match(said, new RegExp(two.of));
    assert.match(said, /Removed\.\n$/);
    assert.deepEqual((await ls()).map(({ of }) => of.slice(folder.path.length + 1)).sort(), ["one", "three"]);
    await rm([], true);
    assert.deepEqual(await ls(), []);
  });

  for (const [operands, all, message, nextStep] of [
    [[], false, "No ids given.", "Pass ids from `cache ls`, or --all."],
    [["a"], true, "--all and ids cannot be combined.", "Use one of them."],
    [["0"], false, "No cached source has the id '0'.", "List the cache with: bastion-trail cache ls"],
  ] as const) {
    it(`rm refuses ${JSON.stringify(operands)}${all ? " with --all" : ""}`, async () => {
      await assert.rejects(rm(operands, all), { name: "UserError", message, nextStep });
    });
  }
});
