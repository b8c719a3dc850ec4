/** Updates the copy of a blob that is too long for memory, on disk and in steps. */
import type { Hash } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, open, writeFile, type FileHandle } from "node:fs/promises";
import { bytesIn, bytesOf, isDamagedData } from "../../pieces/bytesOf.ts";
import { magicBytes } from "../../pieces/compression.ts";
import { ownerOnlyFile } from "../../../files/privateFolder.ts";
import type { Refusal, RemoteBlob } from "./blobStore.ts";
import { digestOf, newHash } from "./contentHash.ts";
import { isDone, sizeOf, type CopyFiles, type Kept, type Manifest, type Written } from "./copyFiles.ts";
import { LineWriter } from "./lineWriter.ts";
import { isPacked, packFile } from "./packedCopy.ts";

/** The content of a copy, which stays on disk. */
interface Content {
  /** Hash of its lines, continued with those that are appended. */
  readonly hash: Hash;
  readonly isPacked: boolean;
}

/**
 * A failed read keeps what came before: the first step has at most this many bytes, and each later one doubles what is there.
 */
const firstStep = 8 * 1024 * 1024;

/**
 * @param isSettled whether the blob no longer grows; its copy is then packed.
 * @returns the copy's manifest, or why the blob could not be read as described. What was read before is then kept.
 */
export async function updateInSteps(
  files: CopyFiles,
  blob: RemoteBlob,
  isSettled: boolean,
): Promise<Manifest | Refusal> {
  let kept = await files.kept(blob, (manifest) => contentOf(files, manifest, isDone(manifest, blob, isSettled)));
  while (kept === undefined || !isDone(kept.manifest, blob, isSettled)) {
    const have = kept === undefined ? 0 : sizeOf(kept.manifest);
    const end = Math.min(blob.length, Math.max(have + firstStep, 2 * have));
    const extended = await extend(files, kept, { blob, end, isSettled });
    if (typeof extended === "string") return extended;
    kept = extended;
  }
  if (isSettled && !kept.content.isPacked && kept.manifest.bytes > 0) await packCopy(files, kept.manifest);
  return kept.manifest;
}

/**
 * Reads the kept content into a hash.
 * @param isAll whether nothing may follow the kept bytes. Otherwise more may follow, if a run was killed; it is cut off
 * before the next bytes are written.
 * @returns `undefined` if the content is not as it was written.
 */
async function contentOf(
  { cache, name }: CopyFiles,
  { bytes, sha256 }: Manifest,
  isAll: boolean,
): Promise<Content | undefined> {
  const hash = newHash();
  let length = 0;
  let packed = false;
  if (bytes > 0) {
    const file = await cache.open(name);
    if (file === undefined) return undefined;
    try {
      packed = await isPackedFile(file);
      for await (const chunk of bytesIn(file)) {
        hash.update(chunk.subarray(0, Math.max(0, bytes - length)));
        length += chunk.length;
      }
    } catch (error) {
      if (isDamagedData(error)) return undefined;
      throw error;
    } finally {
      await file.close();
    }
  }
  const isRight = digestOf(hash) === sha256 && !(isAll && length > bytes);
  return isRight ? { hash, isPacked: packed } : undefined;
}

async function isPackedFile(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(magicBytes), { position: 0 });
  return isPacked(buffer.subarray(0, bytesRead));
}

interface Step {
  readonly blob: RemoteBlob;
  /** Number of the blob's bytes that the copy then has. */
  readonly end: number;
  readonly isSettled: boolean;
}

/** Adds the blob's bytes up to `end` to the copy. */
async function extend(files: CopyFiles, kept: Kept<Content> | undefined, step: Step): Promise<Kept<Content> | Refusal> {
  const temporary = files.cache.temporary();
  try {
    const written = await fill(temporary, files, kept, step);
    if (typeof written === "string") return written;
    files.cache.put(temporary, files.name);
    const { hash, ...rest } = written;
    return { manifest: files.describe(step.blob, rest), content: { hash, isPacked: false } };
  } finally {
    files.cache.discard(temporary);
  }
}

/** Writes the kept bytes and those up to `end` to a new file. */
async function fill(
  temporary: string,
  files: CopyFiles,
  kept: Kept<Content> | undefined,
  { blob, end, isSettled }: Step,
): Promise<(Written & { hash: Hash }) | Refusal> {
  const { bytes = 0, tail = "" } = kept?.manifest ?? {};
  if (bytes > 0) {
    // This costs nothing on a file system that can share blocks between files.
    const copyPlain = () => copyFile(files.path, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    const unpack = () => writeFile(temporary, bytesOf(files.path), { flag: "wx", mode: ownerOnlyFile });
    await (kept?.content.isPacked === true ? unpack() : copyPlain());
  }
  await using file = await open(temporary, bytes > 0 ? "r+" : "wx+", ownerOnlyFile);
  await file.truncate(bytes);
  const lines = new LineWriter(file, bytes, kept?.content.hash ?? newHash());
  await lines.write(Buffer.from(tail, "base64"));
  if (lines.end < end) {
    const refusal = await files.read(blob, lines.end, end, (chunk) => lines.write(chunk));
    if (refusal !== undefined) return refusal;
  }
  const isFinal = !blob.isAppended || (isSettled && end === blob.length);
  const tailLeft = await lines.takeTail(isFinal);
  return { bytes: lines.end, sha256: digestOf(lines.hash), tail: tailLeft.toString("base64"), hash: lines.hash };
}

/** Packs a plain copy. Does nothing if another run has just packed or continued it. */
async function packCopy({ cache, name }: CopyFiles, { bytes, sha256 }: Manifest): Promise<void> {
  const file = await cache.open(name);
  if (file === undefined) return;
  const temporary = cache.temporary();
  const hash = newHash();
  try {
    await packFile(file, bytes, temporary, (chunk) => hash.update(chunk));
    if (digestOf(hash) === sha256) cache.put(temporary, name);
  } finally {
    await file.close();
    cache.discard(temporary);
  }
}
