/**
 * Compresses copies of blobs that no longer grow: log lines shrink to a fifteenth of their size. A packed copy keeps the name
 * of a plain one, and its first bytes identify it. So a run that reads it in the meantime finds the same lines, and a run that
 * is killed leaves either the plain or the packed copy.
 */
import { createWriteStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { isDamagedData } from "../../pieces/bytesOf.ts";
import { compressionOf } from "../../pieces/compression.ts";
import { isWholeZstdFrameIn } from "../../pieces/zstdFrame.ts";
import { ownerOnlyFile } from "../../../files/privateFolder.ts";

/** With the usual level 3, the copies are a fiftieth smaller, but packing takes a third longer. */
const options = { params: { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_compressionLevel]: 1 } };

/** Returns whether a content file is packed. @param file its bytes, or at least the first ones. */
export function isPacked(file: Buffer): boolean {
  return compressionOf(file) === "zstd";
}

export function pack(content: Buffer): Buffer {
  return zstdCompressSync(content, options);
}

/** Returns the content of a packed file; `undefined` if it is damaged, or longer than `longest` bytes. */
export function unpack(file: Buffer, longest: number): Buffer | undefined {
  if (!isWholeZstdFrameIn(file)) return undefined;
  try {
    return zstdDecompressSync(file, { maxOutputLength: longest });
  } catch (error) {
    if (isDamagedData(error) || isTooLong(error)) return undefined;
    throw error;
  }
}

/** Packs the first bytes of a file into a new one. Passes them to `onChunk` as they are read. */
export async function packFile(
  file: FileHandle,
  bytes: number,
  target: string,
  onChunk: (chunk: Buffer) => void,
): Promise<void> {
  await pipeline(
    file.createReadStream({ start: 0, end: bytes - 1, autoClose: false }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        onChunk(chunk);
        yield chunk;
      }
    },
    createZstdCompress(options),
    createWriteStream(target, { flags: "wx", mode: ownerOnlyFile }),
  );
}

/** Returns whether an error means that compressed data is longer than allowed. */
function isTooLong(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}
