import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { startArchive } from "./archiveFixture.ts";
import { forEachTest } from "../../../../held.ts";

const record = (person: string, hour: number): string => `{"person":"${person}","hour":${hour}}\n`;

describe("the cache of an archive", () => {
  const archive = forEachTest(startArchive);
  let ten: string;
  let eleven: string;
  beforeEach(async () => {
    await archive.append("2026-05-04T10", record("ada", 10).repeat(3));
    await archive.append("2026-05-04T11", record("bob", 11).repeat(3));
    const { files } = await archive.sync();
    [ten = "", eleven = ""] = files;
    archive.reads();
  });

  const right = record("ada", 10).repeat(3) + record("bob", 11).repeat(3);
  const manifestOf = (file: string): string => file.replace(/\.json$/, ".manifest.json");
  const swap = (one: string, other: string): void => {
    renameSync(one, `${one}.kept`);
    renameSync(other, one);
    renameSync(`${one}.kept`, other);
  };
  /** As after a power loss, if only the length of a file was on disk. */
  const zero = (file: string): void => {
    writeFileSync(file, Buffer.alloc(statSync(file).size));
  };
  const edit = (file: string, from: string | RegExp, to: string): void => {
    const text = readFileSync(file, "utf8");
    assert.notEqual(text.replace(from, to), text);
    writeFileSync(file, text.replace(from, to));
  };

  const damages: readonly (readonly [what: string, damage: () => void, files: () => string[], hours: string[]])[] = [
    ["edited, with its length", () => { edit(ten, "ada", "eve"); }, () => [ten], ["10"]],
    ["cut", () => { truncateSync(ten, 40); }, () => [ten], ["10"]],
    ["extended by a record", () => { appendFileSync(ten, record("eve", 10)); }, () => [ten], ["10"]],
    ["emptied", () => { writeFileSync(ten, ""); }, () => [ten], ["10"]],
    ["removed", () => { rmSync(ten); }, () => [ten], ["10"]],
    [
      "replaced by a link to another file",
      () => {
        copyFileSync(ten, `${ten}.copy`);
        rmSync(ten);
        symlinkSync(`${ten}.copy`, ten);
      },
      () => [ten],
      ["10"],
    ],
    ["swapped with another one", () => { swap(ten, eleven); }, () => [ten, eleven], ["10", "11"]],
    [
      "swapped with another one together with its manifest",
      () => {
        swap(ten, eleven);
        swap(manifestOf(ten), manifestOf(eleven));
      },
      () => [manifestOf(ten), manifestOf(eleven)],
      ["10", "11"],
    ],
    [
      "edited together with the hash in its manifest",
      () => {
        edit(ten, "ada", "eve");
        edit(manifestOf(ten), /(?<="sha256":")[0-9a-f]{64}(?=","tail)/, "0".repeat(64));
      },
      () => [manifestOf(ten)],
      ["10"],
    ],
    ["left, and its manifest's length edited", () => { edit(manifestOf(ten), /"bytes":\d+/, '"bytes":28'); }, () => [manifestOf(ten)], ["10"]],
    ["left, and its manifest's ETag edited", () => { edit(manifestOf(ten), /"etag":"[^,]*/, '"etag":"\\"1\\""'); }, () => [manifestOf(ten)], ["10"]],
    ["left, and its manifest emptied", () => { writeFileSync(manifestOf(ten), ""); }, () => [manifestOf(ten)], ["10"]],
    ["left, and its manifest zeroed", () => { zero(manifestOf(ten)); }, () => [manifestOf(ten)], ["10"]],
    ["zeroed", () => { zero(ten); }, () => [ten], ["10"]],
    ["zeroed together with its manifest", () => { zero(ten); zero(manifestOf(ten)); }, () => [manifestOf(ten)], ["10"]],
    ["left, and its manifest cut", () => { truncateSync(manifestOf(ten), 30); }, () => [manifestOf(ten)], ["10"]],
  ]; // prettier-ignore

  for (const [what, damage, files, hours] of damages) {
    it(`notices and tells that a file was ${what}, and reads the blob again`, async () => {
      damage();
      const result = await archive.sync();
      assert.equal(archive.content(result), right);
      assert.deepEqual(result.damaged, files().sort());
      assert.deepEqual(
        archive.reads().map((read) => read.slice(11, 13)),
        hours,
      );
      const again = await archive.sync();
      assert.deepEqual([archive.content(again), again.damaged, again.bytesFetched], [right, [], 0]);
    });
  }

  for (const [what, damage] of [
    ["cut", () => { truncateSync(ten, 20); }],
    ["emptied", () => { writeFileSync(ten, ""); }],
    ["zeroed", () => { zero(ten); }],
    ["extended", () => { appendFileSync(ten, zstdCompressSync(record("eve", 10))); }],
    ["replaced by a packed one of other lines", () => { writeFileSync(ten, zstdCompressSync(record("eve", 10).repeat(3))); }],
    ["replaced by a packed one that is far longer", () => { writeFileSync(ten, zstdCompressSync(Buffer.alloc(2 ** 28))); }],
  ] as const) {
    it(`notices that a packed file was ${what}, and reads the blob again`, async () => {
      await archive.clock.advance(3 * 3_600_000);
      await archive.sync();
      assert.equal(archive.reads().length, 0);
      damage();
      const result = await archive.sync();
      assert.deepEqual([archive.content(result), result.damaged], [right, [ten]]);
      assert.equal(archive.reads().length, 1);
    });
  } // prettier-ignore

  it("notices it also if the blob has grown, and uses nothing of the damaged copy", async () => {
    edit(ten, "ada", "eve");
    await archive.append("2026-05-04T10", record("cleo", 10));
    const result = await archive.sync();
    assert.deepEqual(result.damaged, [ten]);
    assert.equal(
      archive.content(result),
      record("ada", 10).repeat(3) + record("cleo", 10) + record("bob", 11).repeat(3),
    );
  });

  it("notices that the list of the hosts' folders was edited, and looks for them again", async () => {
    const place = ten.slice(0, ten.indexOf("insights-logs"));
    const [folder = ""] = readdirSync(place);
    const list = join(place, folder, "folders.json");
    edit(list, "BAS-ACCESS", "BAS-OTHERS");
    const result = await archive.sync();
    assert.deepEqual([archive.content(result), result.damaged], [right, [list]]);
  });

  for (const hours of [0, 3]) {
    it(`does not take for damage what a run left that was killed ${hours} hours after: content that is ahead of its manifest`, async () => {
      const before = readFileSync(manifestOf(ten));
      await archive.append("2026-05-04T10", record("cleo", 10));
      await archive.clock.advance(hours * 3_600_000);
      await archive.sync();
      writeFileSync(manifestOf(ten), before);
      const result = await archive.sync();
      assert.deepEqual(result.damaged, []);
      assert.match(archive.content(result), /cleo/);
    });
  }

  describe("is not used", () => {
    const refusal = (message: string) => ({
      name: "ArchiveError",
      code: "CacheNotPrivate",
      message,
      nextStep: "Remove it, or give a folder of your own: --cache DIR.",
    });

    for (const [what, folder] of [
      ["the folder of all archives", () => join(archive.cacheDir, "archive")],
      ["the folder of temporary files", () => join(archive.cacheDir, "archive", "tmp")],
      ["the folder of a container", () => ten.slice(0, ten.indexOf("/BAS-ACCESS"))],
    ] as const) {
      it(`where ${what} is a link`, async () => {
        renameSync(folder(), `${archive.cacheDir}-elsewhere`);
        symlinkSync(`${archive.cacheDir}-elsewhere`, folder());
        await assert.rejects(archive.sync(), refusal(`${folder()} is not a folder, or is a link to one.`));
      });

      it(`where others can write to ${what}`, async () => {
        chmodSync(folder(), 0o770);
        await assert.rejects(archive.sync(), refusal(`Other users can write to the folder ${folder()}.`));
      });
    }

    it("if it belongs to another user", async function () {
      // Only root can give a folder away.
      if (process.getuid?.() !== 0) this.skip();
      const folder = join(archive.cacheDir, "archive", "tmp");
      chownSync(folder, 12_345, 12_345);
      await assert.rejects(archive.sync(), refusal(`The folder ${folder} belongs to another user.`));
      chownSync(folder, 0, 0);
      chownSync(archive.cacheDir, 12_345, 12_345);
      await assert.rejects(archive.sync(), refusal(`The folder ${archive.cacheDir} belongs to another user.`));
    });

    it("if others can replace it", async () => {
      chmodSync(archive.cacheDir, 0o777);
      await assert.rejects(archive.sync(), refusal(`Other users can write to the folder ${archive.cacheDir}.`));
      // As /tmp is: only its owner can rename what is in it.
      chmodSync(archive.cacheDir, 0o1777);
      assert.equal(archive.content(await archive.sync()), right);
    });

    it("where a folder below it is a link, as soon as something is written there", async () => {
      const day = dirname(dirname(ten));
      rmSync(day, { recursive: true });
      mkdirSync(`${archive.cacheDir}-elsewhere`);
      symlinkSync(`${archive.cacheDir}-elsewhere`, day);
      await assert.rejects(archive.sync(), refusal(`${day} is not a folder, or is a link to one.`));
      assert.deepEqual(readdirSync(`${archive.cacheDir}-elsewhere`), []);
    });
  });
});
