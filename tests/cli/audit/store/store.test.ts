import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, lstatSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { foldFolder } from "../../../../cli/audit/sessions/foldFolder.ts";
import type { SessionFilter } from "../../../../cli/audit/records/types.ts";
import { listEvidence, removeUnused } from "../../../../cli/audit/store/lifetime.ts";
import { blobRecord, lines, LogFolder, readAll } from "../auditLines.ts";

const now = new Date("2026-05-04T10:30:00Z");

describe("the evidence store", () => {
  let logs: LogFolder;
  let kept: LogFolder;
  /** Files of the store that were damaged, as the last read told. */
  let damaged: readonly string[];

  beforeEach(() => {
    logs = new LogFolder();
    kept = new LogFolder();
  });
  afterEach(() => {
    logs[Symbol.dispose]();
    kept[Symbol.dispose]();
  });

  const read = async (files: readonly string[], filter: SessionFilter = {}) => {
    damaged = [];
    const store = { cacheDir: kept.path, of: logs.path };
    const onDamage = (found: readonly string[]): Promise<void> => {
      damaged = found;
      return Promise.resolve();
    };
    return readAll(await foldFolder({ files, filter, now, store, onDamage }));
  };
  const tunnels = async (files: readonly string[]): Promise<string[]> =>
    (await read(files)).sessions.map(({ tunnelId }) => String(tunnelId));
  const stored = (): string[] =>
    readdirSync(kept.path, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".parquet"))
      .map((name) => join(kept.path, name))
      .sort();
  const one = (tunnelId: string): string => lines(blobRecord({ tunnelId }));
  const age = (): void => {
    const old = new Date(Date.now() - 2 * 3_600_000);
    for (const name of readdirSync(kept.path, { recursive: true, encoding: "utf8" }))
      utimesSync(join(kept.path, name), old, old);
  };

  it("reads packed files beside plain ones, each as the same file unpacked", async () => {
    const text = one("a") + one("b");
    const files = [logs.write("packed.json", zstdCompressSync(text)), logs.write("plain.json", one("c"))];
    assert.deepEqual((await tunnels(files)).sort(), ["a", "b", "c"]);
  });

  it("reports a packed file that is cut off at any place", async () => {
    const packed = zstdCompressSync(Array.from({ length: 400 }, (_, number) => one(`t${number}`)).join(""));
    for (const bytes of [5, 20, packed.length >> 1, packed.length - 1]) {
      const file = logs.write(`${bytes}.json`, packed.subarray(0, bytes));
      const { unreadable } = await read([file]);
      assert.deepEqual(
        unreadable.map((place) => [place.file, place.reason]).slice(-1),
        [[file, "The compressed data is cut off or damaged: nothing after this is read."]],
        `${bytes} of ${packed.length} bytes`,
      );
    }
  });

  it("reads a file once", async () => {
    const files = [
      logs.write("a.json", one("a")),
      logs.write("b.json", `[${JSON.stringify(blobRecord({ tunnelId: "b" }))}]`),
    ];
    const first = await read(files);
    const before = stored();
    assert.deepEqual(await read(files), first);
    assert.deepEqual(stored(), before);
    assert.equal(before.length, 1);
  });

  it("reads a file again that was written to, and no other", async () => {
    const files = [logs.write("a.json", one("a")), logs.write("b.json", one("b"))];
    assert.deepEqual(await tunnels(files), ["a", "b"]);
    const before = stored();
    writeFileSync(files[1]!, one("c"));
    assert.deepEqual(await tunnels(files), ["a", "c"]);
    const [added, ...others] = stored().filter((file) => !before.includes(file));
    assert.ok(added !== undefined && others.length === 0);
    assert.deepEqual(await tunnels([files[0]!]), ["a"]);
  });

  it("keeps what could not be read, with file and line", async () => {
    const files = [logs.write("a.json", `${one("a")}oops\n`)];
    const unreadable = [{ file: files[0], line: 2, reason: "This is not JSON." }];
    assert.deepEqual((await read(files)).unreadable, unreadable);
    assert.deepEqual((await read(files)).unreadable, unreadable);
    assert.equal(stored().length, 1);
  });

  it("keeps entries of other logs, whatever their names", async () => {
    const names = ["constructor", "__proto__", "Audit"];
    const entries = names.map((category) => JSON.stringify({ time: "2026-05-04T10:00:00Z", category }));
    const files = [logs.write("a.json", `${entries.join("\n")}\n`)];
    for (let time = 0; time < 2; time++) {
      assert.deepEqual(Object.entries((await read(files)).coverage.otherLogs), [
        ["Audit", 1],
        ["__proto__", 1],
        ["constructor", 1],
      ]);
    }
  });

  it("reads a record to its end once its file no longer grows", async () => {
    const text = JSON.stringify(blobRecord({ tunnelId: "b" }));
    const file = logs.write("y=2026/m=05/d=04/h=10/m=00/PT1H.json", `${one("a")}${text.slice(0, 100)}`);
    const reason = "The last record is cut off: it may still be written.";
    assert.deepEqual((await read([file])).unreadable, [{ file, line: 2, reason, skipped: true }]);
    appendFileSync(file, `${text.slice(100)}\n`);
    assert.deepEqual(await tunnels([file]), ["a", "b"]);
  });

  it("can read a part of its files", async () => {
    const files = ["a", "b", "c"].map((name) => logs.write(`${name}.json`, one(name)));
    await read(files);
    const { sessions, coverage } = await read(files.slice(1, 2));
    assert.deepEqual(
      sessions.map(({ tunnelId }) => tunnelId),
      ["b"],
    );
    assert.equal(coverage.recordsRead, 1);
  });

  it("reports unreadable and other entries of the requested files only", async () => {
    const metric = `${JSON.stringify({ time: "2026-05-04T10:00:00Z", metricName: "sessions", category: "AllMetrics" })}\n`;
    const files = [
      logs.write("a.json", one("a")),
      logs.write("b.json", `${one("b")}oops\n${metric}`),
      logs.write("c.json", `${one("c")}alas\n`),
    ];
    await read(files);
    const rest = async (asked: readonly string[]) => {
      const { unreadable, unread, coverage } = await read(asked);
      return { lines: unreadable.map(({ file, line }) => [file, line]), unread, otherLogs: coverage.otherLogs };
    };
    const nothing = { lines: [], unread: { lost: 0, aside: 0 }, otherLogs: {} };
    assert.deepEqual(await rest(files.slice(0, 1)), nothing);
    assert.deepEqual(await rest(files.slice(0, 2)), {
      lines: [[files[1], 2]],
      unread: { lost: 1, aside: 0 },
      otherLogs: { AllMetrics: 1 },
    });
    appendFileSync(files[2]!, one("d"));
    writeFileSync(files[1]!, one("b"));
    assert.deepEqual(await rest(files), { ...nothing, lines: [[files[2], 2]], unread: { lost: 1, aside: 0 } });
    assert.deepEqual(await rest(files.slice(0, 2)), nothing);
  });

  it("drops a file that is gone, and its bytes once no other process can need them", async () => {
    const files = [logs.write("a.json", one("a")), logs.write("b.json", one("secret"))];
    await read(files);
    rmSync(files[1]!);
    age();
    assert.deepEqual(await tunnels(files.slice(0, 1)), ["a"]);
    await read(files.slice(0, 1));
    assert.ok(stored().every((file) => !readFileSync(file, "latin1").includes("secret")));
  });

  for (const [what, spoil] of [
    ["cut", (bytes: Buffer) => bytes.subarray(0, bytes.length - 20)],
    ["edited", (bytes: Buffer) => Buffer.from(bytes.toString("latin1").replace("anna@", "evil@"), "latin1")],
  ] as const) {
    it(`names a file that was ${what}, and reads its source again`, async () => {
      const files = [logs.write("a.json", one("a"))];
      const sound = await read(files);
      const [file = ""] = stored();
      writeFileSync(file, spoil(readFileSync(file)));
      assert.deepEqual(await read(files), sound);
      assert.deepEqual(damaged, [file]);
    });
  }

  it("reads again what an earlier version stored in another form", async () => {
    const files = [logs.write("a.json", one("a"))];
    await read(files);
    const [part = ""] = stored();
    const manifest = part.replace(/parquet$/, "json");
    const { value } = JSON.parse(readFileSync(manifest, "utf8")) as { value: object };
    const older = { ...value, format: "1" };
    const place = [basename(dirname(manifest)), basename(manifest), older];
    const sha256 = createHash("sha256").update(JSON.stringify(place)).digest("hex");
    writeFileSync(manifest, JSON.stringify({ sha256, value: older }));
    assert.deepEqual(await tunnels(files), ["a"]);
    assert.deepEqual([stored().length, damaged], [2, []]);
  });

  it("removes what a killed run left, and no file of anybody else", async () => {
    const left = "11111111-2222-4333-8444-555555555555";
    await read([logs.write("a.json", one("a"))]);
    const folder = join(kept.path, "store", "tmp");
    const old = new Date(Date.now() - 2 * 86_400_000);
    for (const name of [left, `${left}.0`, "notes.txt", `${left}.txt`]) {
      writeFileSync(join(folder, name), "");
      utimesSync(join(folder, name), old, old);
    }
    await read([logs.write("b.json", one("b"))]);
    assert.deepEqual(readdirSync(folder).sort(), [`${left}.txt`, "notes.txt"]);
  });

  it("is readable by its owner only", async () => {
    await read([logs.write("a.json", one("a"))]);
    const modes = readdirSync(join(kept.path, "store"), { recursive: true, encoding: "utf8" }).map((name) => {
      const found = lstatSync(join(kept.path, "store", name));
      return `${found.isDirectory() ? "folder" : "file"} ${(found.mode & 0o777).toString(8)}`;
    });
    assert.deepEqual([...new Set(modes)].sort(), ["file 600", "folder 700"]);
  });

  it("serves several processes at once", async () => {
    const files = Array.from({ length: 30 }, (_, number) => logs.write(`${number}.json`, one(`t${number}`)));
    const all = await Promise.all([tunnels(files), tunnels(files), tunnels(files.slice(3))]);
    assert.deepEqual(
      all.map((found) => found.length),
      [30, 30, 27],
    );
    assert.equal((await tunnels(files)).length, 30);
  });

  it("joins the small files of hours that have grown", async () => {
    const files: string[] = [];
    for (let hour = 0; hour < 30; hour += 1) {
      files.push(logs.write(`${hour}.json`, one(`t${hour}`)));
      await read(files);
    }
    age();
    await read(files);
    assert.equal((await tunnels(files)).length, 30);
    assert.ok(stored().length < 30, String(stored().length));
  });

  it("is removed some days after its last use", async () => {
    await read([logs.write("a.json", one("a"))]);
    const [evidence] = await listEvidence(kept.path);
    assert.deepEqual([evidence?.of, evidence?.files], [logs.path, 3]);
    await removeUnused(kept.path, 90);
    assert.equal(stored().length, 1);
    const long = new Date(Date.now() - 91 * 86_400_000);
    utimesSync(join(evidence!.folders[0]!, "used.json"), long, long);
    await removeUnused(kept.path, 90);
    assert.deepEqual(await listEvidence(kept.path), []);
    assert.deepEqual(stored(), []);
  });
});
