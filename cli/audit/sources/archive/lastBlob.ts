import type { BlobStore, BlobStoreOptions, RemoteBlob } from "./blobStore.ts";
import { openBlobStore } from "./openBlobStore.ts";
import { findResourceFolders } from "./resourceFolders.ts";

export interface LastBlob {
  readonly name: string;
  /** When it was last written to, by the service's clock. */
  readonly changedAt: Date;
}

export interface LastBlobOptions extends Omit<BlobStoreOptions, "concurrency"> {
  /** Prefix of the blobs' names, in any case: whole segments. Empty for every resource. */
  readonly blobPrefix: string;
}

/** The result of `findLastBlob`, with the service's own time: the local clock may be wrong. */
export interface LastBlobAnswer {
  readonly last: LastBlob | undefined;
  readonly serviceTime: Date | undefined;
}

/**
 * Returns the blob that was written last, which is when the archive got its last record. Descends into the newest year, month,
 * day and hour: a handful of listings, however many blobs there are.
 * @throws ArchiveError if the archive refuses.
 */
export async function findLastBlob(options: LastBlobOptions): Promise<LastBlobAnswer> {
  const store = await openBlobStore({ ...options, concurrency: 1 });
  let last: RemoteBlob | undefined;
  for (const { prefix } of await findResourceFolders(store, options.blobPrefix, nothingKept)) {
    last = later(last, await newestBelow(store, prefix, 4));
  }
  return {
    last: last && { name: last.name, changedAt: new Date(last.changedAt) },
    serviceTime: store.serviceTime,
  };
}

/** Remembers no folders: this is asked rarely and must find what is there now. */
const nothingKept = { readJson: () => undefined, writeJson: () => undefined };

/** @param levels folder levels down to the hour: year, month, day, hour. */
async function newestBelow(store: BlobStore, prefix: string, levels: number): Promise<RemoteBlob | undefined> {
  if (levels === 0) {
    let last: RemoteBlob | undefined;
    for await (const blobs of store.list(prefix)) last = blobs.reduce<RemoteBlob | undefined>(later, last);
    return last;
  }
  // The numbers have the same length, so the order of the names is the order of time.
  const folders = (await store.folders(prefix))
    .filter((name) => /[ymdh]=\d+\/$/i.test(name))
    .sort()
    .reverse();
  for (const folder of folders) {
    const found = await newestBelow(store, folder, levels - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function later(one: RemoteBlob | undefined, other: RemoteBlob | undefined): RemoteBlob | undefined {
  return one === undefined || (other !== undefined && other.changedAt > one.changedAt) ? other : one;
}
