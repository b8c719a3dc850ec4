/** What reading a range of an archive in Azurite costs: bytes, and memory. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { blobHour } from "../../audit/records/blobHour.ts";
import { auditContainerName, hourlyBlobName } from "../../links/archivePath.ts";
import { duration, megabytes, type Comparison } from "../report.ts";
import { appendTo, startArchiveServer, uploadArchive, type ArchiveServer } from "./archiveServer.ts";
import type { SyncFigures } from "./syncProcess.ts";

export interface ArchiveBenchOptions {
  /** A year of log blobs on disk, laid out as in the container: `resourceId=/.../y=2026/m=01/.../PT1H.json`. */
  readonly folder: string;
  /** First instant of the day that is asked for; one with hours before and after it. */
  readonly day: Date;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const barOfBytes = 1.05;
const barOfMemory = 1.2;

/**
 * Needed are the blobs of the day and, since a blob's hour is the one of arrival, of the hours around it: one before, three
 * after. The bar holds for what the server sent, with listings, headers and encryption.
 */
export async function benchArchive({ folder, day }: ArchiveBenchOptions): Promise<Comparison[]> {
  const directory = await mkdtemp(join(tmpdir(), "bastion-trail-bench-"));
  const server = await startArchiveServer(directory, auditContainerName);
  try {
    const blobs: StoredBlob[] = [];
    await uploadArchive(server.container, folder, async (file) => {
      const content = await readFile(file);
      const name = file.slice(folder.length + 1).replaceAll("\\", "/");
      blobs.push({ name, hour: blobHour(name) ?? NaN, size: content.length, holdsDay: holdsDay(content, day) });
      return content;
    });
    const sync = async (from: number, to: number, cache: string): Promise<SyncFigures & { sent: number }> => {
      server.bytesSent();
      const figures = await syncInProcess(server, join(directory, cache), new Date(from), new Date(to));
      return { ...figures, sent: server.bytesSent() };
    };

    const begin = day.getTime();
    const first = await sync(begin, begin + dayMs, "day");
    const again = await sync(begin, begin + dayMs, "day");
    const needed = sizeOf(blobs, ({ hour }) => hour >= begin - hourMs && hour < begin + dayMs + 3 * hourMs);

    const end = Math.max(...blobs.map(({ hour }) => hour)) + hourMs;
    await sync(end - dayMs, end, "newest");
    const added = await addHour(server, folder, blobs, end);
    const grown = await sync(end - dayMs + hourMs, end + hourMs, "newest");

    const tenth = await sync(begin, begin + 36 * dayMs, "tenth");
    const year = await sync(end - 366 * dayMs, end + hourMs, "year");
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
      bytesLine("one new hour, blobs", grown.bytesFetched, "the new hour", added, barOfBytes),
      {
        subject: `peak memory, ${megabytes(year.bytes)} of blobs`,
        ours: megabytes(year.peakMemory),
        against: `${megabytes(tenth.bytes)} of blobs`,
        theirs: megabytes(tenth.peakMemory),
        ratio: year.peakMemory / tenth.peakMemory,
        bar: barOfMemory,
      },
      {
        subject: `time, ${year.hours} blobs`,
        ours: duration(year.milliseconds),
        against: `${first.hours} blobs`,
        theirs: duration(first.milliseconds),
        ratio: year.milliseconds / first.milliseconds,
      },
    ];
  } finally {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  }
}

interface StoredBlob {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly hour: number;
  readonly size: number;
  /** Whether a record in it happened on the day that is asked for. */
  readonly holdsDay: boolean;
}

function sizeOf(blobs: readonly StoredBlob[], isMeant: (blob: StoredBlob) => boolean): number {
  return blobs.filter(isMeant).reduce((sum, { size }) => sum + size, 0);
}

/** Read off the records themselves, so that it owes nothing to what is measured. */
function holdsDay(content: Buffer, day: Date): boolean {
  return content.includes(`"time":"${day.toISOString().slice(0, 10)}T`);
}

/** Puts the content of the newest blob into the hour after it. @returns its size. */
async function addHour(
  server: ArchiveServer,
  folder: string,
  blobs: readonly StoredBlob[],
  at: number,
): Promise<number> {
  const newest = blobs.find(({ hour }) => hour === at - hourMs);
  if (newest === undefined) {
    throw new Error(`There is no blob of an hour in ${folder}.`);
  }
  const content = await readFile(join(folder, newest.name));
  const resourceId = /^resourceId=(.*)\/y=\d{4}\//i.exec(newest.name)?.[1] ?? "";
  await appendTo(server.container, hourlyBlobName(resourceId, new Date(at)), content);
  return content.length;
}

const run = promisify(execFile);

async function syncInProcess(
  { endpoint: blobEndpoint, connectionString, ca }: ArchiveServer,
  cacheDir: string,
  from: Date,
  to: Date,
): Promise<SyncFigures> {
  const options = {
    blobEndpoint,
    connectionString,
    ca,
    container: auditContainerName,
    blobPrefix: "",
    cacheDir,
    from,
    to,
  };
  const { stdout } = await run(process.execPath, [
    join(import.meta.dirname, "syncProcess.ts"),
    JSON.stringify(options),
  ]);
  return JSON.parse(stdout) as SyncFigures;
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
