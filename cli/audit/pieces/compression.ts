import { closeSync, openSync, readSync } from "node:fs";

/** How the bytes of a file are kept. Its name may end in anything. */
export type Compression = "uncompressed" | "gzip" | "zstd";

/** First bytes of a gzip file (RFC 1952), and of a Zstandard frame (RFC 8878). */
const magics: readonly (readonly [Compression, Buffer])[] = [
  ["gzip", Buffer.from([0x1f, 0x8b])],
  ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];

/** Bytes that tell. */
export const magicBytes = 4;

/** @param beginning of a file: its first bytes, at least {@link magicBytes} where it has so many. */
export function compressionOf(beginning: Buffer): Compression {
  return magics.find(([, magic]) => beginning.subarray(0, magic.length).equals(magic))?.[0] ?? "uncompressed";
}

/** The first bytes of a file as they are on disk; none of one that cannot be read. */
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
