import { on } from "node:events";
import { open, type FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { compressionOf, magicBytes } from "./compression.ts";

const chunkBytes = 1024 * 1024;

/**
 * Reads the bytes of a file, decompressed if it is compressed.
 * @throws an error of the file system, or of zlib if compressed data is truncated or damaged; the bytes before that are yielded
 * first.
 */
export async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  await using handle = await open(file);
  yield* bytesIn(handle);
}

/** Like {@link bytesOf}, for an open file. The file stays open. */
export async function* bytesIn(handle: FileHandle): AsyncGenerator<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(magicBytes), { position: 0 });
  const compression = compressionOf(buffer.subarray(0, bytesRead));
  yield* compression === "uncompressed" ? bytesOnDisk(handle) : decompressed(handle, compression);
}

async function* bytesOnDisk(handle: FileHandle): AsyncGenerator<Buffer> {
  // A stream allocates a whole chunk for each read. Many files are small, so full chunks would produce more garbage than data.
  const { size } = await handle.stat();
  const highWaterMark = Math.min(chunkBytes, size + 1);
  yield* handle.createReadStream({ start: 0, highWaterMark, autoClose: false }) as AsyncIterable<Buffer>;
}

/**
 * Bytes decompressed at a time. Node drops the output that comes together with an error, so a damaged part is read again in
 * smaller steps.
 */
const atOnce = [chunkBytes, 4096, 1] as const;

async function* decompressed(handle: FileHandle, compression: "gzip" | "zstd"): AsyncGenerator<Buffer> {
  let given = 0;
  let sound = 0;
  for (const count of atOnce) {
    const decompress = (compression === "gzip" ? createGunzip : createZstdDecompress)({ chunkSize: chunkBytes });
    const bytes = Readable.from(partsOf(handle, sound, count));
    bytes.once("error", (error) => decompress.destroy(error));
    bytes.pipe(decompress);
    let known = given;
    try {
      // Unlike the stream's own iterator, this one yields the data before an error.
      for await (const [chunk] of on(decompress, "data", { close: ["end"], highWaterMark: 4 })) {
        const fresh = (chunk as Buffer).subarray(known);
        known = Math.max(known - (chunk as Buffer).length, 0);
        given += fresh.length;
        if (fresh.length > 0) yield fresh;
      }
      sound = decompress.bytesWritten;
      break;
    } catch (error) {
      if (count === 1 || !isDamagedData(error)) throw error;
      sound = decompress.bytesWritten;
    } finally {
      bytes.destroy();
      decompress.destroy();
    }
  }
  // Node reads one Zstandard frame and ignores what follows it.
  if (compression === "zstd" && sound < (await handle.stat()).size) {
    throw Object.assign(new Error("Something follows the compressed data."), { code: "ZSTD_trailing_data" });
  }
}

/** Reads the bytes of a file on disk; splits those after the intact ones into parts of `count` bytes. */
async function* partsOf(handle: FileHandle, sound: number, count: number): AsyncGenerator<Buffer> {
  let at = 0;
  for await (const chunk of bytesOnDisk(handle)) {
    const whole = Math.min(Math.max(sound - at, 0), chunk.length);
    if (whole > 0) yield chunk.subarray(0, whole);
    for (let from = whole; from < chunk.length; from += count) yield chunk.subarray(from, from + count);
    at += chunk.length;
  }
}

/** Returns whether an error means that compressed data is truncated or damaged. */
export function isDamagedData(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^Z(?:STD)?_/.test(String(error.code));
}
