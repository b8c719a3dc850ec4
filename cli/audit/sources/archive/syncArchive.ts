import type { ReadBlob } from "../../records/blobCoverage.ts";
import { updateCopy } from "./blobCopy.ts";
import { BufferPool } from "./bufferPool.ts";
import type { BlobStore, BlobStoreOptions, RemoteBlob } from "./blobStore.ts";
import { openCacheFolder } from "../../store/cacheFolder.ts";
import { noteUse } from "../../store/lifetime.ts";
import { copyFolderOf, copyNameOf, slug } from "./copyNames.ts";
import { toCacheError } from "./errors.ts";
import { hourOfName, hoursFor, includes, prefixesOf, receivedUntil, type HourRange } from "./hours.ts";
import { ahead, eachAtOnce } from "./inFlight.ts";
import { openBlobStore } from "./openBlobStore.ts";
import { findResourceFolders, type ResourceFolder } from "./resourceFolders.ts";
import { removeVanished } from "./vanished.ts";

/** Default number of reads in flight. */
export const usualConcurrency = 12;

export interface SyncProgress {
  readonly blobsDone: number;
  /** Number found so far; grows while the archive is listed. */
  readonly blobsTotal: number;
  readonly bytesFetched: number;
}

export interface SyncOptions extends Omit<BlobStoreOptions, "concurrency"> {
  /**
   * Prefix of the blobs' names, in any case: `resourceId=/SUBSCRIPTIONS/.../BASTIONHOSTS/NAME/`. Whole segments. Empty for
   * every resource.
   */
  readonly blobPrefix: string;
  /** Records that happened at or after this instant. Default: all. */
  readonly from?: Date;
  /** Records that happened before this instant. Default: all until now. */
  readonly to?: Date;
  /** How long after it happened a record may have been received, in milliseconds. @default usualLatenessMs */
  readonly lateMs?: number;
  /** Default: the current time. If the service's clock is ahead, its time is used. */
  readonly now?: Date;
  /** Cache folder. */
  readonly cacheDir: string;
  /** Maximum number of reads and listings in flight. @default usualConcurrency */
  readonly concurrency?: number;
  readonly onProgress?: (progress: SyncProgress) => void;
}

export interface SyncResult {
  /**
   * Files of JSON lines that hold every record of the range, and others of the same hours, in order of the hours they were
   * received in. An incomplete last line is left out.
   */
  readonly files: readonly string[];
  /** The blob name of each file. */
  readonly blobOf: ReadonlyMap<string, string>;
  /** The blobs as they were read, sorted by name. */
  readonly blobs: readonly ReadBlob[];
  /** Number of blobs: one for each resource and hour. */
  readonly hours: number;
  /** Bytes of blobs that were read from the archive. */
  readonly bytesFetched: number;
  /** Total size of all files in bytes. */
  readonly bytes: number;
  /** What was read, in readable form: the account's endpoint and the container. */
  readonly of: string;
  /** Blobs that end in the middle of a line, whose rest is read next time. */
  readonly cut: readonly string[];
  /** Blobs that were deleted after they had been listed, before they were read. */
  readonly gone: readonly string[];
  /** Paths of damaged files in the cache. Their blobs were read again. */
  readonly damaged: readonly string[];
  /** All records received before this instant were looked for, and none received later. */
  readonly receivedUntil: Date;
}

/**
 * Updates the cache's copy of an archive for a time range: lists only the hours that the range needs, and reads only what was
 * appended since the last time.
 *
 * Can be killed at any time, and two runs can share one cache. Memory does not grow with the size of the archive: blobs are
 * written to disk as they arrive.
 * @throws ArchiveError if the archive refuses or the cache cannot be written.
 */
export async function syncArchive(options: SyncOptions): Promise<SyncResult> {
  const { concurrency = usualConcurrency, cacheDir } = options;
  const store = await openBlobStore({ ...options, concurrency });
  try {
    return await sync(store, { ...options, concurrency });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toCacheError(error, cacheDir);
  }
}

async function sync(store: BlobStore, options: SyncOptions & { concurrency: number }): Promise<SyncResult> {
  const { cacheDir, blobPrefix, concurrency, onProgress } = options;
  const cache = await openCacheFolder(cacheDir, "archive", [slug(store.account), slug(store.container)]);
  noteUse(cache, sourceOf(store));
  const folders = await findResourceFolders(store, blobPrefix, cache);
  const listed = new Set<string>();
  const blobOf = new Map<string, string>();
  const blobs: ReadBlob[] = [];
  const cut: string[] = [];
  const gone: string[] = [];
  const sum = { bytesFetched: 0, bytes: 0, blobsDone: 0 };

  const plan = new Plan(store, folders, options);
  const tools = { store, cache, buffers: new BufferPool() };
  await eachAtOnce(concurrency, plan.blobs(), async ({ blob, copyName }) => {
    listed.add(copyName);
    const copy = await updateCopy(blob, copyName, { ...tools, now: store.serviceTime ?? plan.now });
    if (copy?.file !== undefined) blobOf.set(copy.file, blob.name);
    if (copy === undefined) gone.push(blob.name);
    else blobs.push({ name: blob.name, bytes: copy.bytes, sha256: copy.sha256 });
    if (copy?.isCut === true) cut.push(blob.name);
    sum.bytes += copy?.bytes ?? 0;
    sum.bytesFetched += copy?.bytesFetched ?? 0;
    sum.blobsDone += 1;
    onProgress?.({ blobsDone: sum.blobsDone, blobsTotal: listed.size, bytesFetched: sum.bytesFetched });
  });
  for (const folder of folders) {
    await removeVanished(cache, copyFolderOf(folder), plan.hours, (name) => listed.has(name));
  }
  return {
    files: [...blobOf.keys()].sort(),
    blobOf,
    blobs: blobs.sort((a, b) => (a.name < b.name ? -1 : 1)),
    hours: listed.size,
    bytesFetched: sum.bytesFetched,
    bytes: sum.bytes,
    cut: cut.sort(),
    gone: gone.sort(),
    of: sourceOf(store),
    damaged: [...cache.damaged].sort(),
    receivedUntil: receivedUntil(plan.hours, plan.now),
  };
}

/** Returns the container in readable form. */
function sourceOf({ account, container }: BlobStore): string {
  return `${account}/${container}`;
}

interface NeededBlob {
  readonly blob: RemoteBlob;
  readonly copyName: string;
}

/** The hours and blobs that a time range needs of some folders. */
class Plan {
  readonly #store: BlobStore;
  readonly #folders: readonly ResourceFolder[];
  readonly #options: SyncOptions & { concurrency: number };

  constructor(store: BlobStore, folders: readonly ResourceFolder[], options: SyncOptions & { concurrency: number }) {
    this.#store = store;
    this.#folders = folders;
    this.#options = options;
  }

  /** The later of the two clocks: if the local clock is behind, the newest records must not be missed. */
  get now(): Date {
    const { now = new Date() } = this.#options;
    return new Date(Math.max(now.getTime(), this.#store.serviceTime?.getTime() ?? 0));
  }

  get hours(): HourRange {
    return hoursFor({ ...this.#options, now: this.now });
  }

  /** Lists the blobs, hour by hour. */
  async *blobs(): AsyncGenerator<NeededBlob> {
    const planned = this.hours;
    yield* this.#blobsOf(planned);
    // The service's time is known from its first response.
    const { last } = this.hours;
    if (last > planned.last) {
      yield* this.#blobsOf({ first: planned.last + 1, last });
    }
  }

  async *#blobsOf(range: HourRange): AsyncGenerator<NeededBlob> {
    const lists = this.#folders.flatMap((folder) => prefixesOf(range).map((hours) => ({ folder, hours })));
    const pages = ahead(this.#options.concurrency, lists, ({ folder, hours }) => this.#list(folder, hours, range));
    for await (const page of pages) {
      yield* page;
    }
  }

  async *#list(folder: ResourceFolder, hours: string, range: HourRange): AsyncGenerator<readonly NeededBlob[]> {
    const prefix = folder.prefix + (folder.isUpperCase ? hours.toUpperCase() : hours);
    for await (const page of this.#store.list(prefix)) {
      yield page.flatMap((blob) => {
        const hour = hourOfName(blob.name.slice(folder.prefix.length));
        return hour === undefined || !includes(range, hour)
          ? []
          : [{ blob, copyName: copyNameOf(folder, hour, blob.name) }];
      });
    }
  }
}
