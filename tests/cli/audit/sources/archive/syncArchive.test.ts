import assert from "node:assert/strict";
import { lstat, mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncArchive } from "../../../../../cli/audit/sources/archive/syncArchive.ts";
import { blobPrefix } from "../../../../../core/links/archivePath.ts";
import { container, hostId, hourBlob, startArchive } from "./archiveFixture.ts";
import { forEachTest } from "../../../../held.ts";

const line = (n: number): string => `{"n":${n}}\n`;

describe("the sync of an archive", () => {
  const archive = forEachTest(startArchive);

  it("reads the hours of the range and around it, and lists no others", async () => {
    for (const hour of ["2026-05-04T08", "2026-05-04T09", "2026-05-04T11", "2026-05-04T17", "2026-05-04T18"]) {
      await archive.append(hour, `{"hour":"${hour}"}\n`);
    }
    const result = await archive.sync();
    assert.deepEqual(archive.content(result).match(/T\d\d/g), ["T09", "T11", "T17"]);
    assert.deepEqual(result.receivedUntil, new Date("2026-05-04T18:00Z"));
    assert.equal(result.hours, 3);
    assert.equal(result.bytesFetched, 3 * '{"hour":"2026-05-04T09"}\n'.length);
    assert.deepEqual(
      archive.listings().filter((prefix) => prefix.startsWith("y=")),
      ["09", "10", "11", "12", "13", "14", "15", "16", "17"].map((hour) => `y=2026/m=05/d=04/h=${hour}/`),
    );
  });

  it("reads records that were received later than usual, on request", async () => {
    await archive.append("2026-05-04T11", line(1));
    await archive.append("2026-05-05T06", line(2));
    assert.equal(archive.content(await archive.sync()), line(1));
    const late = await archive.sync({ lateMs: 20 * 3_600_000 });
    assert.equal(archive.content(late), line(1) + line(2));
    assert.deepEqual(late.receivedUntil, new Date("2026-05-05T08:00Z"));
    assert.equal(archive.content(await archive.sync({ lateMs: 60_000 })), line(1));
  });

  it("reads nothing twice", async () => {
    await archive.append("2026-05-04T10", line(1));
    await archive.sync();
    archive.reads();
    const again = await archive.sync();
    assert.deepEqual(archive.reads(), []);
    assert.equal(again.bytesFetched, 0);
    assert.equal(archive.content(again), line(1));
  });

  it("reads only appended bytes", async () => {
    await archive.append("2026-05-04T10", line(1));
    await archive.append("2026-05-04T11", line(2));
    await archive.sync();
    archive.reads();
    await archive.append("2026-05-04T10", line(3));
    await archive.append("2026-05-04T12", line(4));
    const result = await archive.sync();
    assert.deepEqual(archive.reads(), ["2026-05-04T10 bytes=8-15", "2026-05-04T12 bytes=0-7"]);
    assert.equal(archive.content(result), line(1) + line(3) + line(2) + line(4));
    assert.equal(result.bytesFetched, 16);
  });

  it("packs what no longer grows as soon as it is read, and later what still grew then", async () => {
    await archive.append("2026-05-04T10", line(1).repeat(100));
    await archive.clock.advance(2 * 3_600_000);
    await archive.append("2026-05-04T11", line(2).repeat(100));
    await archive.clock.advance(3_600_000);
    const sizes = async (): Promise<number[]> =>
      Promise.all((await archive.sync()).files.map(async (file) => (await lstat(file)).size));
    const [ten = 0, eleven] = await sizes();
    assert.ok(ten < 100);
    assert.equal(eleven, 800);
    await archive.clock.advance(2 * 3_600_000);
    assert.ok((await sizes()).every((size) => size < 100));
    assert.equal(archive.content(await archive.sync()), line(1).repeat(100) + line(2).repeat(100));
    assert.equal(archive.reads().length, 2);
  });

  it("looks for the host's folder once", async () => {
    await archive.append("2026-05-04T10", line(1));
    await archive.sync();
    const walked = archive.listings().filter((prefix) => !prefix.startsWith("y="));
    assert.equal(walked.length, 10);
    await archive.sync();
    assert.deepEqual(
      archive.listings().filter((prefix) => !prefix.startsWith("y=")),
      [],
    );
  });

  it("finds blobs with names in any case", async () => {
    const lower = archive.client.getAppendBlobClient(hourBlob("2026-05-04T10").toLowerCase());
    const upper = archive.client.getAppendBlobClient(hourBlob("2026-05-04T11").toUpperCase());
    await archive.append("2026-05-04T12", line(3));
    for (const [blob, text] of [
      [lower, line(1)],
      [upper, line(2)],
    ] as const) {
      await blob.create();
      await blob.appendBlock(text, text.length);
    }
    const result = await archive.sync({ blobPrefix: `RESOURCEID=${hostId.toLowerCase()}/` });
    assert.deepEqual(archive.content(result).match(/\d/g)?.sort(), ["1", "2", "3"]);
  });

  it("reads blobs whose names have characters that a URL must encode", async () => {
    const name = hourBlob("2026-05-04T10").replace("BAS-ACCESS", "BAS ACCESS+%2F#?&é");
    const blob = archive.client.getAppendBlobClient(name);
    await archive.client.create();
    await blob.create();
    await blob.appendBlock(line(1), 8);
    const result = await archive.sync({ blobPrefix: name.slice(0, name.indexOf("y=")) });
    assert.equal(archive.content(result), line(1));
    assert.deepEqual([...result.blobOf.values()], [name]);
  });

  it("keeps apart two blobs whose names differ only in case", async () => {
    await archive.append("2026-05-04T10", line(1));
    const other = archive.client.getAppendBlobClient(hourBlob("2026-05-04T10").replace("PT1H", "pt1h"));
    await other.create();
    await other.appendBlock(line(2), 8);
    const result = await archive.sync();
    assert.equal(new Set(result.files.map((file) => file.toLowerCase())).size, 2);
    assert.equal((await archive.sync()).bytesFetched, 0);
  });

  it("reads every host's logs where no host is named, and not those of a host whose name only begins alike", async () => {
    await archive.append("2026-05-04T10", line(1));
    const other = archive.client.getAppendBlobClient(hourBlob("2026-05-04T10").replace("BAS-ACCESS", "BAS-ACCESS2"));
    await other.create();
    await other.appendBlock(line(2), 8);
    assert.equal(archive.content(await archive.sync()), line(1));
    assert.equal(archive.content(await archive.sync({ blobPrefix: "" })), line(1) + line(2));
  });

  it("is empty until the first record", async () => {
    const receivedUntil = new Date("2026-05-04T18:00Z");
    const of = `${archive.endpoint}/${container}`;
    const nothing = {
      files: [],
      blobOf: new Map(),
      blobs: [],
      hours: 0,
      bytesFetched: 0,
      bytes: 0,
      of,
      cut: [],
      damaged: [],
      gone: [],
      receivedUntil,
    };
    assert.deepEqual(await archive.sync(), nothing);
    await archive.append("2026-05-01T10", line(1));
    assert.deepEqual(await archive.sync(), nothing);
    await archive.append("2026-05-04T10", line(2));
    assert.equal(archive.content(await archive.sync()), line(2));
  });

  it("reads everything without a time range", async () => {
    await archive.append("2019-10-03T16", line(1));
    await archive.append("2026-05-04T10", line(2));
    const result = await syncArchive({
      blobEndpoint: archive.signedEndpoint,
      container,
      blobPrefix: blobPrefix(hostId),
      cacheDir: archive.cacheDir,
      ca: archive.tls.ca,
      now: new Date("2026-05-04T10:30Z"),
    });
    assert.equal(archive.content(result), line(1) + line(2));
  });

  it("reads up to the service's time if its clock is ahead", async () => {
    const present = new Date().toISOString().slice(0, 13);
    await archive.append(present, line(1));
    const result = await syncArchive({
      blobEndpoint: archive.signedEndpoint,
      container,
      blobPrefix: "",
      cacheDir: archive.cacheDir,
      ca: archive.tls.ca,
      from: new Date(Date.now() - 5 * 86_400_000),
      now: new Date(Date.now() - 3 * 86_400_000),
    });
    assert.equal(archive.content(result), line(1));
  });

  it("keeps 12 reads in flight, and as many as it is told", async () => {
    const hours = Array.from({ length: 24 }, (_, hour) => `2026-05-04T${String(hour).padStart(2, "0")}`);
    for (const hour of hours) await archive.append(hour, line(1));
    archive.meddler = async ({ blob }) => {
      await new Promise((resolve) => setTimeout(resolve, blob === undefined ? 0 : 500));
      return undefined;
    };
    const range = { from: new Date("2026-05-04T01:00Z"), to: new Date("2026-05-04T21:00Z") };
    await archive.sync(range);
    assert.equal(archive.mostInFlight(), 12);
    await archive.sync({ ...range, concurrency: 16, cacheDir: `${archive.cacheDir}2` });
    assert.equal(archive.mostInFlight(), 16);
  });

  it("reports its progress", async () => {
    await archive.append("2026-05-04T10", line(1));
    await archive.append("2026-05-04T11", line(2));
    const told: unknown[] = [];
    await archive.sync({ onProgress: (progress) => told.push(progress) });
    assert.deepEqual(told.at(-1), { blobsDone: 2, blobsTotal: 2, bytesFetched: 16 });
  });

  it("is readable by its owner only", async () => {
    await archive.append("2026-05-04T10", line(1));
    await mkdir(archive.cacheDir, { mode: 0o755 });
    await mkdir(join(archive.cacheDir, "archive"), { mode: 0o755 });
    await archive.sync();
    assert.equal((await lstat(archive.cacheDir)).mode & 0o777, 0o755);
    const names = await readdir(archive.cacheDir, { recursive: true, withFileTypes: true });
    const modes = await Promise.all(
      names.map(async (entry) => {
        const { mode } = await lstat(join(entry.parentPath, entry.name));
        return `${entry.isDirectory() ? "folder" : "file"} ${(mode & 0o777).toString(8)}`;
      }),
    );
    assert.deepEqual([...new Set(modes)].sort(), ["file 600", "folder 700"]);
  });

  it("removes the copies of blobs that the archive no longer has, once no other run can need them", async () => {
    await archive.append("2026-05-04T10", line(1));
    await archive.append("2026-05-04T11", line(2));
    const { files } = await archive.sync();
    await archive.client.getBlobClient(hourBlob("2026-05-04T10")).delete();
    assert.equal(archive.content(await archive.sync()), line(2));
    const old = new Date(Date.now() - 2 * 3_600_000);
    for (const file of files) {
      await utimes(file, old, old);
      await utimes(file.replace(/json$/, "manifest.json"), old, old);
    }
    await archive.sync();
    const left = await readdir(archive.cacheDir, { recursive: true });
    assert.deepEqual(left.flatMap((name) => /h=\d\d.*$/.exec(name) ?? []).sort(), ["h=11.json", "h=11.manifest.json"]);
  });

  it("replaces the copies of an earlier version, which had a folder for each hour", async () => {
    await archive.append("2026-05-04T10", line(1));
    const [file = ""] = (await archive.sync()).files;
    const old = new Date(Date.now() - 2 * 3_600_000);
    for (const [hour, age] of [
      ["h=10", old],
      ["h=11", new Date()],
    ] as const) {
      const folder = join(dirname(file), hour);
      await mkdir(folder);
      for (const name of ["PT1H.json", "PT1H.manifest.json"]) {
        await writeFile(join(folder, name), line(2));
        await utimes(join(folder, name), age, age);
      }
    }
    assert.equal(archive.content(await archive.sync()), line(1));
    const left = await readdir(archive.cacheDir, { recursive: true });
    assert.deepEqual(left.flatMap((name) => /h=\d\d.*$/.exec(name) ?? []).sort(), [
      "h=10.json",
      "h=10.manifest.json",
      "h=11",
      "h=11/PT1H.json",
      "h=11/PT1H.manifest.json",
    ]);
  });
});
