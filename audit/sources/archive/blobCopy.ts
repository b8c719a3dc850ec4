import { constants } from "node:fs";
import { copyFile, open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { BlobStore, Refusal, RemoteBlob } from "./blobStore.ts";
import { ownerOnlyFile, type CacheFolder } from "./cacheFolder.ts";
import { ArchiveError } from "./errors.ts";

/** What the cache has of one blob. It stands in a file beside the blob's content, and only after the content is on disk. */
const manifestSchema = v.object({
  account: v.string(),
  container: v.string(),
  /** The blob's whole name. */
  path: v.string(),
  /** The blob as it was when its bytes were fetched. */
  etag: v.string(),
  createdAt: v.nullable(v.number()),
  length: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** How much of the content's file counts: whole lines. */
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** What was fetched after that, in base64: the begin of a line whose rest is not there yet. */
  tail: v.pipe(v.string(), v.base64()),
});

type Manifest = v.InferOutput<typeof manifestSchema>;
type Written = Pick<Manifest, "bytes" | "tail">;

export interface BlobCopy {
  /** Path of the file with the blob's whole lines; `undefined` when it has none yet. */
  readonly file: string | undefined;
  /** Bytes of that file. */
  readonly bytes: number;
  /** Bytes that were read from the archive. */
  readonly bytesFetched: number;
  /** Whether the blob ends in the middle of a line, which is kept for the next time. */
  readonly isCut: boolean;
}

/** Reads at once at most so much of a blob that is new, and then as much again as is there: that is kept when the next read fails. */
const firstStep = 8 * 1024 * 1024;

/** A longer end without a line break is handed on as it is, since it does not belong into memory. */
const longestTail = 1024 * 1024;

/** A blob that has not grown for so long will not finish its last line, in milliseconds. */
const settledAfter = 3 * 3_600_000;

/** How often a blob may change while it is read. */
const changesBorne = 20;

/**
 * Brings the copy of a blob up to date: reads nothing when its ETag is the known one, what was appended when it has only
 * grown, and all of it when it is another blob by now.
 * @param name of the copy in the cache, without an ending.
 * @param now by the service's clock.
 * @returns `undefined` when the blob is gone.
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
      await copy.remove();
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
  #fetched = 0;

  constructor(store: BlobStore, cache: CacheFolder, name: string) {
    this.#store = store;
    this.#cache = cache;
    this.#content = `${name}.json`;
    this.#manifest = `${name}.manifest.json`;
  }

  /** @returns what kept it from reading the blob as it was described. What was read until then is kept. */
  async update(blob: RemoteBlob, now: Date): Promise<Refusal | undefined> {
    this.#kept = await this.#readManifest(blob);
    if (this.#kept === undefined) {
      // Otherwise a kill right after the new content is in place would leave it with the old manifest.
      await this.#cache.remove(this.#manifest);
    }
    const isSettled = now.getTime() - blob.changedAt >= settledAfter;
    for (;;) {
      const have = sizeOf(this.#kept);
      const isDone = have === blob.length && this.#kept?.etag === blob.etag;
      if (isDone && !(isSettled && this.#kept?.tail !== "")) {
        return undefined;
      }
      const refusal = await this.#extend(blob, Math.min(blob.length, Math.max(have + firstStep, 2 * have)), isSettled);
      if (refusal !== undefined) {
        return refusal;
      }
    }
  }

  result(): BlobCopy {
    const { bytes = 0, tail = "" } = this.#kept ?? {};
    return {
      file: bytes === 0 ? undefined : join(this.#cache.path, this.#content),
      bytes,
      bytesFetched: this.#fetched,
      isCut: tail !== "",
    };
  }

  async remove(): Promise<void> {
    await this.#cache.remove(this.#manifest);
    await this.#cache.remove(this.#content);
  }

  /** What is there of this very blob; `undefined` when nothing of it can be used. */
  async #readManifest(blob: RemoteBlob): Promise<Manifest | undefined> {
    const kept = await this.#cache.readJson(this.#manifest, manifestSchema);
    const { account, container } = this.#store;
    return kept?.account === account &&
      kept.container === container &&
      kept.path === blob.name &&
      continues(kept, blob) &&
      (await this.#cache.sizeOf(this.#content)) >= kept.bytes
      ? kept
      : undefined;
  }

  /** Adds the blob's bytes up to `end` to what is there. */
  async #extend(blob: RemoteBlob, end: number, isSettled: boolean): Promise<Refusal | undefined> {
    const kept = this.#kept;
    const temporary = this.#cache.temporary();
    const bytesKept = kept?.bytes ?? 0;
    if (bytesKept > 0) {
      // A file system that can share the blocks of two files does, and then this costs nothing.
      await copyFile(join(this.#cache.path, this.#content), temporary, constants.COPYFILE_FICLONE);
    }
    const file = await open(temporary, bytesKept > 0 ? "r+" : "wx+", ownerOnlyFile);
    let written: Written | Refusal;
    try {
      written = await this.#fill(file, blob, end, isSettled);
    } catch (error) {
      await this.#cache.discard(temporary);
      throw error;
    } finally {
      await file.close();
    }
    if (typeof written === "string") {
      await this.#cache.discard(temporary);
      return written;
    }
    await this.#cache.put(temporary, this.#content);
    this.#kept = {
      account: this.#store.account,
      container: this.#store.container,
      path: blob.name,
      etag: blob.etag,
      createdAt: blob.createdAt ?? null,
      length: blob.length,
      ...written,
    };
    await this.#cache.writeJson(this.#manifest, this.#kept);
    return undefined;
  }

  /** Puts the bytes after the kept ones into a file that has those already. */
  async #fill(file: FileHandle, blob: RemoteBlob, end: number, isSettled: boolean): Promise<Written | Refusal> {
    const { bytes: bytesKept = 0, tail: tailKept = "" } = this.#kept ?? {};
    await file.truncate(bytesKept);
    const lines = new LineWriter(file, bytesKept);
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
    return { bytes: lines.end, tail: tail.toString("base64") };
  }
}

function sizeOf(kept: Manifest | undefined): number {
  return kept === undefined ? 0 : kept.bytes + Buffer.byteLength(kept.tail, "base64");
}

/** Whether what is there is the begin of the blob as it is now: it is the same, or an append blob that has only grown. */
function continues(kept: Manifest, blob: RemoteBlob): boolean {
  const isSame = kept.etag === blob.etag && kept.length === blob.length;
  const hasGrown = blob.isAppended && blob.length > kept.length && kept.createdAt === (blob.createdAt ?? null);
  return (isSame || hasGrown) && sizeOf(kept) <= blob.length;
}

/** Writes to the end of a file and knows where its last line begins. */
class LineWriter {
  readonly #file: FileHandle;
  #end: number;
  #lineBegin: number;

  constructor(file: FileHandle, end: number) {
    this.#file = file;
    this.#end = end;
    this.#lineBegin = end;
  }

  /** Bytes in the file. */
  get end(): number {
    return this.#end;
  }

  async write(bytes: Buffer): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await this.#file.write(bytes, written, bytes.length - written, this.#end + written);
      written += bytesWritten;
    }
    const lineBreak = bytes.lastIndexOf(0x0a);
    if (lineBreak >= 0) {
      this.#lineBegin = this.#end + lineBreak + 1;
    }
    this.#end += bytes.length;
  }

  /** Cuts off a last line that has no line break and is no whole JSON either. @param isFinal leaves it where it is. */
  async takeTail(isFinal: boolean): Promise<Buffer> {
    const length = this.#end - this.#lineBegin;
    const nothing = Buffer.alloc(0);
    if (isFinal || length === 0 || length > longestTail) {
      return nothing;
    }
    const { buffer } = await this.#file.read(Buffer.alloc(length), 0, length, this.#lineBegin);
    if (isJson(buffer)) {
      return nothing;
    }
    await this.#file.truncate(this.#lineBegin);
    this.#end = this.#lineBegin;
    return buffer;
  }
}

function isJson(bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object";
  } catch {
    return false;
  }
}
