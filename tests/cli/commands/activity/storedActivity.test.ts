import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runProgram } from "../../../../cli/program.ts";
import { temporaryFolder } from "../../../held.ts";
import { mixedNow, writeMixedFolder } from "../../audit/activity/mixedFolder.ts";
import { fakeIo } from "../../fakeIo.ts";

describe("a folder that is read again", function () {
  this.timeout(120_000);
  let folder: ReturnType<typeof temporaryFolder>;
  let cache: ReturnType<typeof temporaryFolder>;
  let out: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    [folder, cache, out] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    writeMixedFolder(folder.path);
  });
  afterEach(() => {
    [folder, cache, out].forEach((one) => {
      one.remove();
    });
  });

  async function run(words: readonly string[]) {
    const io = fakeIo({ cwd: folder.path, now: mixedNow, env: { BASTION_TRAIL_CACHE: cache.path } });
    const exitCode = await runProgram([...words, "--source", "."], io, { commands, groups, version: "1" });
    return { exitCode, ...io.written };
  }
  const stored = (): string[] =>
    readdirSync(cache.path, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".parquet"))
      .map((name) => join(cache.path, name))
      .sort();

  for (const words of [
    ["activity", "--json"],
    ["activity", "--csv"],
    ["activity", "--only", "outside"],
    ["trail", "--json"],
    ["trail", "show", "latest", "--json"],
  ]) {
    it(`gives the same: ${words.join(" ")}`, async () => {
      const first = await run(words);
      const parts = stored();
      assert.deepEqual(await run(words), first);
      assert.deepEqual(stored(), parts);
      rmSync(cache.path, { recursive: true });
      assert.deepEqual(await run(words), first);
      assert.notEqual(first.stdout, "");
    });
  }

  it("gives the same without a cache", async () => {
    const first = await run(["trail", "--json"]);
    rmSync(cache.path, { recursive: true });
    assert.deepEqual(await run(["trail", "--json", "--no-cache"]), first);
    assert.deepEqual(existsSync(cache.path), false);
  });

  it("gives the same report and evidence pack", async () => {
    const contentOf = async (number: number): Promise<Record<string, string>> => {
      const report = join(out.path, `${number}.html`);
      const pack = join(out.path, `pack-${number}`);
      await run(["report", "--out", report]);
      await run(["evidence", "pack", "--out", pack]);
      const files = readdirSync(pack, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const paths = [report, ...files.map(({ parentPath, name }) => join(parentPath, name))];
      return Object.fromEntries(
        paths.map((path) => [path.slice(out.path.length).replace(/\d/, ""), readFileSync(path, "latin1")]),
      );
    };
    const first = await contentOf(1);
    assert.deepEqual(await contentOf(2), first);
    assert.equal(Object.keys(first).length, 11);
  });

  it("is parsed again if the store was damaged, with a warning", async () => {
    const first = await run(["activity", "--json"]);
    const [part = ""] = stored();
    chmodSync(part, 0o600);
    writeFileSync(part, readFileSync(part).subarray(0, -1));
    const second = await run(["activity", "--json"]);
    const warning = `warning: 1 file in the cache was damaged or edited. The source was read again instead:\n  ${part}\n`;
    assert.deepEqual(second, { ...first, stderr: `${warning}${first.stderr}` });
  });

  it("is kept for its owner only, listed by cache ls and removed by cache rm", async () => {
    await run(["activity"]);
    assert.equal(stored().length, 1);
    const io = fakeIo({ cwd: folder.path, env: { BASTION_TRAIL_CACHE: cache.path } });
    await runProgram(["cache", "ls", "--json"], io, { commands, groups, version: "1" });
    assert.ok(io.written.stdout.includes(JSON.stringify(folder.path)), io.written.stdout);
    const removal = fakeIo({ cwd: folder.path, env: { BASTION_TRAIL_CACHE: cache.path } });
    await runProgram(["cache", "rm", "--all"], removal, { commands, groups, version: "1" });
    assert.deepEqual(stored(), []);
  });
});
