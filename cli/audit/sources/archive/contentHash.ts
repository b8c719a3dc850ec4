/** The hash of a file's content, which can be continued when more is appended. */
import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

export function newHash(): Hash {
  return createHash("sha256");
}

/**
 * Returns the digest in hexadecimal digits. A hash cannot be continued after its digest, so the digest is taken from a copy.
 */
export function digestOf(hash: Hash): string {
  return hash.copy().digest("hex");
}

/** Bytes read at a time for hashing. */
const hashedAtOnce = 1024 * 1024;

/** Reads the first bytes of a file into a hash. */
export async function addTo(hash: Hash, file: FileHandle, bytes: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(bytes, hashedAtOnce));
  for (let offset = 0; offset < bytes;) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, bytes - offset), offset);
    if (bytesRead === 0) return;
    hash.update(buffer.subarray(0, bytesRead));
    offset += bytesRead;
  }
}
