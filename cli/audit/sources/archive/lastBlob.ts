import { openBlobStore, type BlobStore, type BlobStoreOptions, type RemoteBlob } from "./blobStore.ts";
import { findResourceFolders } from "./resourceFolders.ts";

export interface LastBlob {
  readonly name: string;
  /** When something was written to it last, by the service's clock. */
  readonly changedAt: Date;
}

export interface LastBlobOptions extends Omit<BlobStoreOptions, "concurrency"> {
  /** Begin of the blobs' names, in any case of letters; whole segments. Empty for every resource. */
  readonly blobPrefix: string;
}

/** What `findLastBlob` found, and the service's own time of day: a machine's clock may be wrong. */
export interface LastBlobAnswer {
  readonly last: LastBlob | undefined;
  readonly serviceTime: Date | undefined;
}

/**
 * The blob that was written last, which is when the archive got its last record. Goes down the newest year, month, day and
 * hour: a handful of listings, however many blobs there are.
 * @throws ArchiveError when the archive refuses.
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

/** It is asked seldom, and has to tell what is there now. */
const nothingKept = { readJson: () => Promise.resolve(undefined), writeJson: () => Promise.resolve() };

/** @param levels folders down to the hour: year, month, day, hour. */
async function newestBelow(store: BlobStore, prefix: string, levels: number): Promise<RemoteBlob | undefined> {
  if (levels === 0) {
    let last: RemoteBlob | undefined;
    for await (const blobs of store.list(prefix)) last = blobs.reduce<RemoteBlob | undefined>(later, last);
    return last;
  }
  // Numbers of one length: the order of the names is that of the times.
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
