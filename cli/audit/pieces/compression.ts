import { closeSync, openSync, readSync } from "node:fs";

/** How a file is compressed, whatever its name. */
export type Compression = "uncompressed" | "gzip" | "zstd";

/** First bytes of a gzip file (RFC 1952), and of a Zstandard frame (RFC 8878). */
const magics: readonly (readonly [Compression, Buffer])[] = [
  ["gzip", Buffer.from([0x1f, 0x8b])],
  ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];

/** Number of first bytes that identify the compression. */
export const magicBytes = 4;

/** @param beginning the first bytes of a file, at least {@link magicBytes} if it has that many. */
export function compressionOf(beginning: Buffer): Compression {
  return magics.find(([, magic]) => beginning.subarray(0, magic.length).equals(magic))?.[0] ?? "uncompressed";
}

/** Returns the first bytes of a file as they are on disk; none if it cannot be read. */
export function firstBytesOf(file: string, count: number): Buffer {
  const beginning = Buffer.alloc(count);
  try {
    const descriptor = openSync(file, "r");
    try {
      return beginning.subarray(0, readSync(descriptor, beginning));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return beginning.subarray(0, 0);
  }
}
