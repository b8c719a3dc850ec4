import { join } from "node:path";
import * as v from "valibot";
import type { CacheFolder } from "../../store/cacheFolder.ts";
import type { BlobStore, Refusal, RemoteBlob } from "./blobStore.ts";
import type { BufferPool } from "./bufferPool.ts";

/** What the cache holds of one blob: a file beside the blob's content, written only once the content is in place. */
const manifestSchema = v.object({
  account: v.string(),
  container: v.string(),
  /** Full name of the blob. */
  path: v.string(),
  /** The blob as it was when its bytes were fetched. */
  etag: v.string(),
  createdAt: v.nullable(v.number()),
  length: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Length of the valid content: whole lines. The content file may be packed. */
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** SHA-256 of those bytes, in hexadecimal digits. */
  sha256: v.string(),
  /** What was fetched after that, in base64: the beginning of a line whose rest is not there yet. */
  tail: v.pipe(v.string(), v.base64()),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;

/** The content that was put in place. */
export type Written = Pick<Manifest, "bytes" | "sha256" | "tail">;

/** A manifest and what was made of the content that it describes. */
export interface Kept<Content> {
  readonly manifest: Manifest;
  readonly content: Content;
}

/** What all copies of a sync share. */
export interface CopyTools {
  readonly store: BlobStore;
  readonly cache: CacheFolder;
  /** For blobs that are read into memory. */
  readonly buffers: BufferPool;
}

/**
 * The two files of a blob's copy. Whatever a kill or a power loss leaves of them, the SHA-256 in the manifest and that of the
 * manifest itself decide whether they can be used.
 */
export class CopyFiles {
  readonly cache: CacheFolder;
  readonly buffers: BufferPool;
  /** Name of the content file in the cache. */
  readonly name: string;
  /** Number of bytes read from the archive. */
  fetched = 0;
  readonly #store: BlobStore;
  readonly #manifest: string;

  /** @param name of the copy in the cache, without an extension. */
  constructor({ store, cache, buffers }: CopyTools, name: string) {
    this.#store = store;
    this.cache = cache;
    this.buffers = buffers;
    this.name = `${name}.json`;
    this.#manifest = `${name}.manifest.json`;
  }

  get path(): string {
    return join(this.cache.path, this.name);
  }

  /**
   * Returns the copy if it is of this very blob and intact; `undefined` if nothing of it can be used.
   * @param readContent returns `undefined` if the content is not as the manifest describes it.
   */
  async kept<Content>(
    blob: RemoteBlob,
    readContent: (manifest: Manifest) => Promise<Content | undefined> | Content | undefined,
  ): Promise<Kept<Content> | undefined> {
    // In a first sync, thousands of blobs have no manifest, and creating the error of a failed read is expensive.
    if (!this.cache.has(this.#manifest)) return undefined;
    const { account, container } = this.#store;
    for (;;) {
      const manifest = this.cache.readJson(this.#manifest, manifestSchema);
      const isOfBlob = manifest?.account === account && manifest.container === container && manifest.path === blob.name;
      if (!isOfBlob || !continues(manifest, blob)) break;
      const content = await readContent(manifest);
      if (content !== undefined) return { manifest, content };
      const again = this.cache.readJson(this.#manifest, manifestSchema);
      // If it changed, another run has just continued this copy.
      if (again?.sha256 === manifest.sha256) {
        this.cache.noteDamage(this.name);
        break;
      }
    }
    // Otherwise a kill right after the new content is in place would leave it with the old manifest.
    this.cache.remove(this.#manifest);
    return undefined;
  }

  /** Reads bytes of the blob; see {@link BlobStore.read}. */
  async read(
    blob: RemoteBlob,
    start: number,
    end: number,
    write: (bytes: Buffer) => Promise<void> | void,
  ): Promise<Refusal | undefined> {
    return await this.#store.read(blob, start, end, (bytes) => {
      this.fetched += bytes.length;
      return write(bytes);
    });
  }

  /** Writes the manifest of the content that is in place. */
  describe({ name: path, etag, createdAt, length }: RemoteBlob, written: Written): Manifest {
    const { account, container } = this.#store;
    const manifest = { account, container, path, etag, createdAt: createdAt ?? null, length, ...written };
    this.cache.writeJson(this.#manifest, manifest);
    return manifest;
  }

  remove(): void {
    this.cache.remove(this.#manifest);
    this.cache.remove(this.name);
  }
}

/** Number of the blob's bytes in a copy. */
export function sizeOf({ bytes, tail }: Manifest): number {
  return bytes + Buffer.byteLength(tail, "base64");
}

/**
 * Returns whether the copy is the beginning of the current blob: the blob is unchanged, or an append blob that has only grown.
 */
function continues(kept: Manifest, blob: RemoteBlob): boolean {
  const isSame = kept.etag === blob.etag && kept.length === blob.length;
  const hasGrown = blob.isAppended && blob.length > kept.length && kept.createdAt === (blob.createdAt ?? null);
  return (isSame || hasGrown) && sizeOf(kept) <= blob.length;
}

/**
 * Returns whether the blob is fully read and its last line needs no more work.
 * @param isSettled whether the blob no longer grows, so that the beginning of a line is all that there will be of it.
 */
export function isDone(kept: Manifest, blob: RemoteBlob, isSettled: boolean): boolean {
  const isWhole = sizeOf(kept) === blob.length && kept.etag === blob.etag;
  return isWhole && !(isSettled && kept.tail !== "");
}
