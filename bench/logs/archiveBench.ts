/** Measures the bytes, memory and time of reading a range of an archive in Azurite. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blobHour } from "bastion-trail/audit/records/blobHour";
import { usualLatenessMs } from "bastion-trail/audit/sources/archive/hours";
import type { SyncOptions } from "bastion-trail/audit/sources/archive/syncArchive";
import { auditContainerName, hourlyBlobName } from "@bastion-trail/core/links/archivePath";
import { duration, megabytes, type Comparison } from "../report.ts";
import { measureProcess } from "../runProcess.ts";
import { median, pairedRatio } from "../statistics.ts";
import { appendTo, startArchiveServer, uploadArchive, type ArchiveServer } from "./archiveServer.ts";
import type { SyncFigures } from "./syncProcess.ts";
import { compareYear } from "./yearBench.ts";

export interface ArchiveBenchOptions {
  /** Folder with a year of log blobs, laid out as in the container: `resourceId=/.../y=2026/m=01/.../PT1H.json`. */
  readonly folder: string;
  /** Start of the requested day, which has hours before and after it. */
  readonly day: Date;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const barOfBytes = 1.05;
const barOfMemory = 1.2;
const barOfTime = 1.2;
/**
 * Limit of a sync's resident set in bytes, however much it reads. Most of it is garbage that V8 does not collect early.
 */
const memoryBudget = 512e6;
/** Size factor and number of days of the bigger blobs, which show whether the size of blobs costs memory. */
const bigger = 10;
const biggerDays = 12;

/**
 * Compares the bytes read with those needed: the blobs of the day and, because a blob's hour is that of arrival, one
 * hour before and as many hours after as a record may be late. The bar applies to everything the server sent, including
 * listings, headers and encryption.
 */
export async function compareArchive(
  { folder, day }: ArchiveBenchOptions,
  say: (text: string) => void,
): Promise<Comparison[]> {
  const directory = await mkdtemp(join(tmpdir(), "bastion-trail-bench-"));
  const server = await startArchiveServer(directory, auditContainerName);
  try {
    say("uploading to Azurite");
    const blobs: StoredBlob[] = [];
    await uploadArchive(server.container, folder, async (file) => {
      const content = await readFile(file);
      const name = file.slice(folder.length + 1).replaceAll("\\", "/");
      blobs.push({ name, hour: blobHour(name) ?? NaN, size: content.length, holdsDay: holdsDay(content, day) });
      return content;
    });
    await server.settle();
    const host = resourceOf(blobs, folder);
    const sync = async (
      from: number,
      to: number,
      cache: string,
      resourceId = host,
    ): Promise<SyncFigures & { sent: number }> => {
      say(`syncing ${cache}`);
      server.bytesSent();
      const range = { from: new Date(from), to: new Date(to) };
      const blobPrefix = `resourceId=${resourceId}/`;
      const figures = await syncInProcess(server, { ...range, blobPrefix, cacheDir: join(directory, cache) });
      return { ...figures, sent: server.bytesSent() };
    };

    const begin = day.getTime();
    const first = await sync(begin, begin + dayMs, "day");
    const again = await sync(begin, begin + dayMs, "day");
    const needed = sizeOf(blobs, ({ hour }) => hour >= begin - hourMs && hour < begin + dayMs + usualLatenessMs);

    const end = Math.max(...blobs.map(({ hour }) => hour)) + hourMs;
    await sync(end - dayMs, end, "newest");
    const newest = await readFile(join(folder, hourlyBlobName(host, new Date(end - hourMs))));
    await appendTo(server.container, hourlyBlobName(host, new Date(end)), newest);
    const grown = await sync(end - dayMs + hourMs, end + hourMs, "newest");

    const start = Math.min(...blobs.map(({ hour }) => hour));
    const year = await compareYear(server, { host, first: start, last: end }, (cache) =>
      sync(start, end + hourMs, cache),
    );
    const some = blobs.filter(({ hour }) => hour >= begin && hour < begin + biggerDays * dayMs);
    const small = await sync(begin, begin + biggerDays * dayMs, "small");
    await addBiggerHost(server, folder, some);
    const big = await sync(begin, begin + biggerDays * dayMs, "big", biggerHost);
    return [
      bytesLine("a day of a year, on the wire", first.sent, "needed", needed, barOfBytes),
      bytesLine("a day of a year, blobs", first.bytesFetched, "needed", needed, barOfBytes),
      bytesLine(
        "a day of a year, blobs",
        first.bytesFetched,
        "with a record of it",
        sizeOf(blobs, (blob) => blob.holdsDay),
      ),
      bytesLine("the same day again, blobs", again.bytesFetched, "the first time", first.bytesFetched, 0),
      bytesLine("one new hour, blobs", grown.bytesFetched, "the new hour", newest.length, barOfBytes),
      {
        subject: `peak memory, ${megabytes(big.bytes)} of blobs`,
        ours: megabytes(big.peakMemory),
        against: `${megabytes(small.bytes)} of blobs`,
        theirs: megabytes(small.peakMemory),
        ratio: big.peakMemory / small.peakMemory,
        bar: barOfMemory,
      },
      {
        subject: `peak memory, ${year.blobs} blobs`,
        ours: megabytes(year.peakMemory),
        against: "the budget",
        theirs: megabytes(memoryBudget),
        ratio: year.peakMemory / memoryBudget,
        bar: 1,
      },
      {
        subject: `time, ${year.blobs} blobs`,
        ours: duration(median(year.synced)),
        against: "bare loop of GETs",
        theirs: duration(median(year.looped)),
        ratio: pairedRatio(year.synced, year.looped),
        bar: barOfTime,
      },
    ];
  } finally {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  }
}

interface StoredBlob {
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly hour: number;
  readonly size: number;
  /** Whether it has a record of the requested day. */
  readonly holdsDay: boolean;
}

function sizeOf(blobs: readonly StoredBlob[], isMeant: (blob: StoredBlob) => boolean): number {
  return blobs.filter(isMeant).reduce((sum, { size }) => sum + size, 0);
}

/** Determined from the records themselves, independently of the measured code. */
function holdsDay(content: Buffer, day: Date): boolean {
  return content.includes(`"time":"${day.toISOString().slice(0, 10)}T`);
}

/** The one resource that the blobs belong to. */
function resourceOf(blobs: readonly StoredBlob[], folder: string): string {
  const resources = new Set(blobs.map(({ name }) => /^resourceId=(.*)\/y=\d{4}\//i.exec(name)?.[1]));
  const [resource] = resources;
  if (resource === undefined || resources.size > 1) {
    throw new Error(`${folder} has the blobs of ${resources.size} resources; one is expected.`);
  }
  return resource;
}

const biggerHost = "/SUBSCRIPTIONS/BENCH/RESOURCEGROUPS/BENCH/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BIGGER";

/** Adds another host with the same hours, each with several copies of the same records. */
async function addBiggerHost(
  { container }: ArchiveServer,
  folder: string,
  blobs: readonly StoredBlob[],
): Promise<void> {
  for (const { name, hour } of blobs) {
    const content = await readFile(join(folder, name));
    const copy = hourlyBlobName(biggerHost, new Date(hour));
    await appendTo(container, copy, Buffer.concat(Array.from({ length: bigger }, () => content)));
  }
}

async function syncInProcess(
  { signedEndpoint: blobEndpoint, ca }: ArchiveServer,
  range: Pick<SyncOptions, "blobPrefix" | "cacheDir" | "from" | "to">,
): Promise<SyncFigures> {
  const options = { blobEndpoint, ca, container: auditContainerName, ...range };
  return (await measureProcess(join(import.meta.dirname, "syncProcess.ts"), options)) as SyncFigures;
}

function bytesLine(subject: string, ours: number, against: string, theirs: number, bar?: number): Comparison {
  return {
    subject,
    ours: kilobytes(ours),
    against,
    theirs: kilobytes(theirs),
    ratio: ours / theirs,
    ...(bar === undefined ? {} : { bar }),
  };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1e3).toFixed(0)} kB`;
}
