import { constants } from "node:fs";
import { copyFile, open, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { BlobStore, Refusal, RemoteBlob } from "./blobStore.ts";
import { ownerOnlyFile } from "../../privateFolder.ts";
import type { CacheFolder } from "../../store/cacheFolder.ts";
import { bytesOf } from "../../pieces/bytesOf.ts";
import { addTo, digestOf, newHash } from "./contentHash.ts";
import { ArchiveError } from "./errors.ts";
import { LineWriter } from "./lineWriter.ts";
import { hashOfPacked, packCopy } from "./packedCopy.ts";

/** What the cache holds of one blob: a file beside the blob's content, written only once the content is on disk. */
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

type Manifest = v.InferOutput<typeof manifestSchema>;
type Written = Pick<Manifest, "bytes" | "sha256" | "tail">;

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

/**
 * A new blob is read in steps, so that a failed read keeps what came before: the first step has at most this many bytes, and
 * each later one doubles what is there.
 */
const firstStep = 8 * 1024 * 1024;

/** A blob that has not grown for this long will not finish its last line, in milliseconds. */
const settledAfter = 3 * 3_600_000;

/** How often a blob may change while it is read. */
const changesBorne = 20;

/**
 * Updates the copy of a blob. Reads nothing if the ETag is unchanged, and only the appended bytes if the blob has only grown.
 * Reads everything if it is a different blob by now, or if the copy is damaged.
 * @param name of the copy in the cache, without an extension.
 * @param now by the service's clock.
 * @returns `undefined` if the blob is gone.
 */
export async function updateCopy(
  blob: RemoteBlob,
  name: string,
  { store, cache, now }: { store: BlobStore; cache: CacheFolder; now: Date },
): Promise<BlobCopy | undefined> {
  const copy = new Copy(store, cache, name);
  let current: RemoteBlob | undefined = blob;
  for (let changes = 0; changes < changesBorne; changes += 1) {
    const refusal = await copy.update(current, now);
    if (refusal === undefined) {
      return copy.result();
    }
    current = refusal === "gone" ? undefined : await store.look(blob.name);
    if (current === undefined) {
      copy.remove();
      return undefined;
    }
  }
  throw new ArchiveError(`The blob ${blob.name} changes faster than it can be read.`, {
    code: "BlobChanges",
    nextStep: "Try again later.",
  });
}

class Copy {
  readonly #store: BlobStore;
  readonly #cache: CacheFolder;
  readonly #content: string;
  readonly #manifest: string;
  #kept: Manifest | undefined;
  /** Hash of the kept bytes, continued with those that are appended. */
  #hash = newHash();
  #isPacked = false;
  #fetched = 0;

  constructor(store: BlobStore, cache: CacheFolder, name: string) {
    this.#store = store;
    this.#cache = cache;
    this.#content = `${name}.json`;
    this.#manifest = `${name}.manifest.json`;
  }

  /** @returns why the blob could not be read as described. What was read before is kept. */
  async update(blob: RemoteBlob, now: Date): Promise<Refusal | undefined> {
    const isSettled = now.getTime() - blob.changedAt >= settledAfter;
    this.#kept = await this.#readManifest(blob, isSettled);
    if (this.#kept === undefined) {
      // Otherwise a kill right after the new content is in place would leave it with the old manifest.
      this.#cache.remove(this.#manifest);
    }
    for (;;) {
      if (this.#kept !== undefined && isDone(this.#kept, blob, isSettled)) {
        if (isSettled && !this.#isPacked && this.#kept.bytes > 0) {
          await packCopy(this.#cache, this.#content, this.#kept);
        }
        return undefined;
      }
      const have = sizeOf(this.#kept);
      const refusal = await this.#extend(blob, Math.min(blob.length, Math.max(have + firstStep, 2 * have)), isSettled);
      if (refusal !== undefined) {
        return refusal;
      }
    }
  }

  result(): BlobCopy {
    const { bytes = 0, tail = "", sha256 = digestOf(newHash()) } = this.#kept ?? {};
    return {
      file: bytes === 0 ? undefined : join(this.#cache.path, this.#content),
      bytes,
      sha256,
      bytesFetched: this.#fetched,
      isCut: tail !== "",
    };
  }

  remove(): void {
    this.#cache.remove(this.#manifest);
    this.#cache.remove(this.#content);
  }

  /** Returns the manifest if it is of this very blob and its content is intact; `undefined` if nothing can be used. */
  async #readManifest(blob: RemoteBlob, isSettled: boolean): Promise<Manifest | undefined> {
    const { account, container } = this.#store;
    for (;;) {
      const kept = this.#cache.readJson(this.#manifest, manifestSchema);
      this.#hash = newHash();
      this.#isPacked = false;
      const isOfBlob = kept?.account === account && kept.container === container && kept.path === blob.name;
      if (!isOfBlob || !continues(kept, blob)) {
        return undefined;
      }
      if (await this.#addContent(kept, isDone(kept, blob, isSettled))) {
        return kept;
      }
      const again = this.#cache.readJson(this.#manifest, manifestSchema);
      // If it changed, another run has just continued this copy.
      if (again?.sha256 === kept.sha256) {
        this.#cache.noteDamage(this.#content);
        this.#hash = newHash();
        return undefined;
      }
    }
  }

  /**
   * Reads the kept content into the hash.
   * @param isAll whether nothing may follow the kept bytes. Otherwise more may follow, if a run was killed; it is cut off
   * before the next bytes are written.
   * @returns whether the content is as it was written.
   */
  async #addContent({ bytes, sha256 }: Manifest, isAll: boolean): Promise<boolean> {
    if (bytes > 0) {
      const file = await this.#cache.open(this.#content);
      if (file === undefined) {
        return false;
      }
      try {
        const unpacked = await hashOfPacked(file, bytes);
        if (unpacked !== undefined && digestOf(unpacked) === sha256) {
          this.#hash = unpacked;
          this.#isPacked = true;
          return true;
        }
        const { size } = await file.stat();
        if (size < bytes || (isAll && size > bytes)) {
          return false;
        }
        await addTo(this.#hash, file, bytes);
      } finally {
        await file.close();
      }
    }
    return digestOf(this.#hash) === sha256;
  }

  /** Adds the blob's bytes up to `end` to the copy. */
  async #extend(blob: RemoteBlob, end: number, isSettled: boolean): Promise<Refusal | undefined> {
    const kept = this.#kept;
    const temporary = this.#cache.temporary();
    const bytesKept = kept?.bytes ?? 0;
    if (bytesKept > 0) {
      const content = join(this.#cache.path, this.#content);
      // This costs nothing on a file system that can share blocks between files.
      const copyPlain = () => copyFile(content, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      const unpack = () => writeFile(temporary, bytesOf(content), { flag: "wx", mode: ownerOnlyFile });
      await (this.#isPacked ? unpack() : copyPlain());
    }
    const file = await open(temporary, bytesKept > 0 ? "r+" : "wx+", ownerOnlyFile);
    let written: Written | Refusal;
    try {
      written = await this.#fill(file, blob, end, isSettled);
    } catch (error) {
      this.#cache.discard(temporary);
      throw error;
    } finally {
      await file.close();
    }
    if (typeof written === "string") {
      this.#cache.discard(temporary);
      return written;
    }
    this.#cache.put(temporary, this.#content);
    this.#isPacked = false;
    this.#kept = {
      account: this.#store.account,
      container: this.#store.container,
      path: blob.name,
      etag: blob.etag,
      createdAt: blob.createdAt ?? null,
      length: blob.length,
      ...written,
    };
    this.#cache.writeJson(this.#manifest, this.#kept);
    return undefined;
  }

  /** Writes the bytes after the kept ones into a file that already holds the kept ones. */
  async #fill(file: FileHandle, blob: RemoteBlob, end: number, isSettled: boolean): Promise<Written | Refusal> {
    const { bytes: bytesKept = 0, tail: tailKept = "" } = this.#kept ?? {};
    await file.truncate(bytesKept);
    const lines = new LineWriter(file, bytesKept, this.#hash);
    await lines.write(Buffer.from(tailKept, "base64"));
    if (lines.end < end) {
      const refusal = await this.#store.read(blob, lines.end, end, async (chunk) => {
        await lines.write(chunk);
        this.#fetched += chunk.length;
      });
      if (refusal !== undefined) {
        return refusal;
      }
    }
    const isFinal = !blob.isAppended || (isSettled && end === blob.length);
    const tail = await lines.takeTail(isFinal);
    await file.datasync();
    this.#hash = lines.hash;
    return { bytes: lines.end, sha256: digestOf(lines.hash), tail: tail.toString("base64") };
  }
}

function sizeOf(kept: Manifest | undefined): number {
  return kept === undefined ? 0 : kept.bytes + Buffer.byteLength(kept.tail, "base64");
}

/**
 * Returns whether the copy is the beginning of the current blob: the blob is unchanged, or an append blob that has only grown.
 */
function continues(kept: Manifest, blob: RemoteBlob): boolean {
  const isSame = kept.etag === blob.etag && kept.length === blob.length;
  const hasGrown = blob.isAppended && blob.length > kept.length && kept.createdAt === (blob.createdAt ?? null);
  return (isSame || hasGrown) && sizeOf(kept) <= blob.length;
}

/** Returns whether the blob is fully read and its last line needs no more work. */
function isDone(kept: Manifest, blob: RemoteBlob, isSettled: boolean): boolean {
  const isWhole = sizeOf(kept) === blob.length && kept.etag === blob.etag;
  return isWhole && !(isSettled && kept.tail !== "");
}
