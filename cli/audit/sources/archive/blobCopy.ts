import type { Refusal, RemoteBlob } from "./blobStore.ts";
import { CopyFiles, type CopyTools, type Manifest } from "./copyFiles.ts";
import { ArchiveError } from "./errors.ts";
import { updateInSteps } from "./steppedCopy.ts";
import { updateWhole } from "./wholeCopy.ts";
import { hourMs } from "../../../time.ts";

export interface BlobCopy {
  /** Path of the file with the blob's whole lines, which may be packed; `undefined` if it has none yet. */
  readonly file: string | undefined;
  /** Length of these lines. */
  readonly bytes: number;
  /** SHA-256 of those bytes, in hexadecimal digits. */
  readonly sha256: string;
  /** Number of bytes read from the archive. */
  readonly bytesFetched: number;
  /** Whether the blob ends in the middle of a line, which is kept for the next read. */
  readonly isCut: boolean;
}

export interface CopyOptions extends CopyTools {
  /** By the service's clock. */
  readonly now: Date;
  /** Blobs up to this many bytes are read into memory. @default 4 MiB */
  readonly inMemory?: number;
}

/**
 * Twelve blobs of this size are read at once. The blob of an hour with a thousand sessions has a megabyte.
 */
const usualInMemory = 4 * 1024 * 1024;

/** A blob that has not grown for this long will not finish its last line, in milliseconds. */
const settledAfter = 3 * hourMs;

/** How often a blob may change while it is read. */
const changesBorne = 20;

/**
 * Updates the copy of a blob. Reads nothing if the ETag is unchanged, and only the appended bytes if the blob has only grown.
 * Reads everything if it is a different blob by now, or if the copy is damaged.
 * @param name of the copy in the cache, without an extension.
 * @returns `undefined` if the blob is gone.
 */
export async function updateCopy(
  blob: RemoteBlob,
  name: string,
  { now, inMemory = usualInMemory, ...tools }: CopyOptions,
): Promise<BlobCopy | undefined> {
  const files = new CopyFiles(tools, name);
  let current: RemoteBlob | undefined = blob;
  for (let changes = 0; changes < changesBorne; changes += 1) {
    const isSettled = now.getTime() - current.changedAt >= settledAfter;
    const update: typeof updateWhole = current.length <= inMemory ? updateWhole : updateInSteps;
    const copy: Manifest | Refusal = await update(files, current, isSettled);
    if (typeof copy === "object") {
      const { bytes, sha256, tail } = copy;
      const file = bytes === 0 ? undefined : files.path;
      return { file, bytes, sha256, bytesFetched: files.fetched, isCut: tail !== "" };
    }
    current = copy === "gone" ? undefined : await tools.store.look(blob.name);
    if (current === undefined) {
      files.remove();
      return undefined;
    }
  }
  throw new ArchiveError(`The blob ${blob.name} changes faster than it can be read.`, {
    code: "BlobChanges",
    nextStep: "Try again later.",
  });
}
