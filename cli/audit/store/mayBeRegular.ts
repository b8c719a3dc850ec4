import { constants, zstdDecompressSync } from "node:zlib";
import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { compressionOf, firstBytesOf } from "../pieces/compression.ts";

/** More than any record has. */
const firstBytes = 64 * 1024;

/** More than the first block of a Zstandard frame has (RFC 8878: 128 KiB), which has the first records. */
const firstBlock = 160 * 1024;

/** Whether a file begins with a line that may be an audit record. Only what can be opened does. */
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
