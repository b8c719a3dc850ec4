import { on } from "node:events";
import { open, type FileHandle } from "node:fs/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { compressionOf, magicBytes } from "./compression.ts";

const chunkBytes = 1024 * 1024;

/**
 * The bytes of a file, those of a compressed file uncompressed.
 * @throws an error of the file system, or of zlib where compressed data is cut off or damaged: after what comes before.
 */
export async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  await using handle = await open(file);
  yield* bytesIn(handle);
}

/** The bytes of a file that is open, as {@link bytesOf} gives them. It stays open. */
export async function* bytesIn(handle: FileHandle): AsyncGenerator<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(magicBytes), { position: 0 });
  // A stream allocates a whole chunk for each read: small files are many, and there would be more garbage than data.
  const { size } = await handle.stat();
  const bytes = handle.createReadStream({ start: 0, highWaterMark: Math.min(chunkBytes, size + 1), autoClose: false });
  const compression = compressionOf(buffer.subarray(0, bytesRead));
  if (compression === "uncompressed") {
    yield* bytes as AsyncIterable<Buffer>;
    return;
  }
  const decompress = (compression === "gzip" ? createGunzip : createZstdDecompress)({ chunkSize: chunkBytes });
  bytes.once("error", (error) => decompress.destroy(error));
  bytes.pipe(decompress);
  try {
    // Unlike the stream's own iterator, this one hands over what came before an error.
    for await (const [chunk] of on(decompress, "data", { close: ["end"], highWaterMark: 4 })) {
      yield chunk as Buffer;
    }
    // Node reads a Zstandard frame, and passes over what comes after it.
    if (compression === "zstd" && decompress.bytesWritten < (await handle.stat()).size) {
      throw Object.assign(new Error("Something follows the compressed data."), { code: "ZSTD_trailing_data" });
    }
  } finally {
    bytes.destroy();
    decompress.destroy();
  }
}

/** Whether an error says that compressed data is cut off or damaged. */
export function isDamagedData(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^Z(?:STD)?_/.test(String(error.code));
}
