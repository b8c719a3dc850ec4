/**
 * Compresses copies of blobs that no longer grow: log lines shrink to a fifteenth of their size. A packed copy keeps the name
 * of the plain one, and its first bytes identify it. So a run that reads it in the meantime finds the same lines, and a run
 * that is killed leaves either the plain or the packed copy.
 */
import type { Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { writeFile, type FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { bytesIn, isDamagedData } from "../../pieces/bytesOf.ts";
import { compressionOf, magicBytes } from "../../pieces/compression.ts";
import { isWholeZstdFrameIn } from "../../pieces/zstdFrame.ts";
import { ownerOnlyFile } from "../../privateFolder.ts";
import type { CacheFolder } from "../../store/cacheFolder.ts";
import { digestOf, newHash } from "./contentHash.ts";

/** The content of a plain copy: a number of bytes and their SHA-256. */
interface Content {
  readonly bytes: number;
  readonly sha256: string;
}

/** Copies up to this size are packed and unpacked in one call, which takes a tenth of the time of a stream or a zlib thread. */
const smallBytes = 4 * 1024 * 1024;

const options = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

/** Packs a plain copy. Does nothing if another run has just packed or continued it. */
export async function packCopy(cache: CacheFolder, name: string, content: Content): Promise<void> {
  const file = await cache.open(name);
  if (file === undefined) return;
  const temporary = cache.temporary();
  try {
    const isRight = (await pack(file, content.bytes, temporary)) === content.sha256;
    if (isRight) cache.put(temporary, name);
    else cache.discard(temporary);
  } catch (error) {
    cache.discard(temporary);
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * @param bytes number of bytes it must hold.
 * @returns the hash of the content of a packed copy; `undefined` for a plain or damaged copy.
 */
export async function hashOfPacked(file: FileHandle, bytes: number): Promise<Hash | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(magicBytes), { position: 0 });
  if (compressionOf(buffer.subarray(0, bytesRead)) !== "zstd") return undefined;
  const hash = newHash();
  try {
    if (bytes <= smallBytes) {
      if (!isWholeZstdFrameIn(file.fd)) return undefined;
      const { buffer } = await file.read(Buffer.alloc((await file.stat()).size), { position: 0 });
      return hash.update(zstdDecompressSync(buffer, { maxOutputLength: smallBytes }));
    }
    for await (const chunk of bytesIn(file)) hash.update(chunk);
  } catch (error) {
    if (isDamagedData(error) || isTooLong(error)) return undefined;
    throw error;
  }
  return hash;
}

/** Compresses the first bytes of a file. @returns their SHA-256. */
async function pack(file: FileHandle, bytes: number, target: string): Promise<string> {
  const hash = newHash();
  if (bytes <= smallBytes) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), { position: 0 });
    const content = buffer.subarray(0, bytesRead);
    await writeFile(target, zstdCompressSync(content, options), { flag: "wx", mode: ownerOnlyFile, flush: true });
    return digestOf(hash.update(content));
  }
  await pipeline(
    file.createReadStream({ start: 0, end: bytes - 1, autoClose: false }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createZstdCompress(options),
    createWriteStream(target, { flags: "wx", mode: ownerOnlyFile, flush: true }),
  );
  return digestOf(hash);
}

/** Returns whether an error means that compressed data is longer than allowed. */
function isTooLong(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}
