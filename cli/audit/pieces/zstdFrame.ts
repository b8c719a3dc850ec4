import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { magicBytes } from "./compression.ts";

/** Bytes of the dictionary id and of the content size, by the flags in a frame's descriptor (RFC 8878, section 3.1.1.1). */
const dictionaryBytes = [0, 1, 2, 4] as const;
const contentSizeBytes = [0, 2, 4, 8] as const;

const checksumBytes = 4;
const blockHeaderBytes = 3;
/** Type of a block that is one byte, repeated. */
const repeated = 1;

/**
 * Returns whether a file is exactly one Zstandard frame, judged by the frame's own structure. DuckDB 1.5 reads a truncated
 * frame as if it ended there, and Node reads only the first frame.
 */
export function isWholeZstdFrame(file: string): boolean {
  const descriptor = openSync(file, "r");
  try {
    return isWholeFrame(fstatSync(descriptor).size, (at, count) => {
      const bytes = Buffer.alloc(count);
      readSync(descriptor, bytes, 0, count, at);
      return bytes.readUIntLE(0, count);
    });
  } finally {
    closeSync(descriptor);
  }
}

/** Like {@link isWholeZstdFrame}, for a file in memory. */
export function isWholeZstdFrameIn(file: Buffer): boolean {
  return isWholeFrame(file.length, (at, count) => file.readUIntLE(at, count));
}

/** @param read reads a number within the file. */
function isWholeFrame(size: number, read: (at: number, count: number) => number): boolean {
  if (size <= magicBytes) return false;
  const flags = read(magicBytes, 1);
  const isSingleSegment = (flags & 0x20) !== 0;
  const contentSize = contentSizeBytes[(flags >> 6) as 0 | 1 | 2 | 3];
  let at = magicBytes + 1 + dictionaryBytes[(flags & 3) as 0 | 1 | 2 | 3];
  // A single segment has its content size, of at least one byte, instead of a window descriptor.
  at += isSingleSegment ? Math.max(1, contentSize) : 1 + contentSize;
  for (let isLast = false; !isLast;) {
    if (at + blockHeaderBytes > size) return false;
    const header = read(at, blockHeaderBytes);
    isLast = (header & 1) === 1;
    at += blockHeaderBytes + (((header >> 1) & 3) === repeated ? 1 : header >> 3);
  }
  return at + ((flags & 4) === 0 ? 0 : checksumBytes) === size;
}
