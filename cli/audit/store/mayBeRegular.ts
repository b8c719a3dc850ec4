import { constants, zstdDecompressSync } from "node:zlib";
import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { compressionOf, firstBytesOf } from "../pieces/compression.ts";

/** More bytes than any record has. */
const firstBytes = 64 * 1024;

/** More bytes than the first block of a Zstandard frame, which contains the first records (RFC 8878: at most 128 KiB). */
const firstBlock = 160 * 1024;

/** Returns whether a file begins with a line that may be an audit record; false if it cannot be opened. */
export function mayBeRegular(file: string): boolean {
  const [line = ""] = beginningOf(file).toString("latin1", 0, firstBytes).split("\n", 1);
  return line.length < firstBytes && line.includes(auditCategory);
}

function beginningOf(file: string): Buffer {
  const bytes = firstBytesOf(file, firstBlock);
  if (compressionOf(bytes) !== "zstd") return bytes;
  try {
    return zstdDecompressSync(bytes, { finishFlush: constants.ZSTD_e_flush });
  } catch {
    return Buffer.alloc(0);
  }
}
