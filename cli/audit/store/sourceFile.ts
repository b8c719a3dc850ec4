/** The files of a source, as the store sees them. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { setImmediate as breathe } from "node:timers/promises";
import { createHash } from "node:crypto";
import { cannotRead } from "../../files/fileProblem.ts";
import { blobHour, mayGrow } from "../records/blobHour.ts";
import type { Unreadable } from "../records/types.ts";
import type { LogFile } from "./normalise.ts";

/** The current state of a file. */
export interface SourceFile extends LogFile {
  readonly bytes: number;
  /** Changes whenever the file is written to. */
  readonly stamp: string;
}

/** Returns the current state of a file, or why it cannot be read. */
export function lookAt(path: string, now: Date): SourceFile | { readonly unreadable: Unreadable } {
  try {
    const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true });
    const stamp = [size, mtimeNs, ctimeNs, ino].join(" ");
    return { path, name: path, isGrowing: mayGrow(path, now), bytes: Number(size), stamp };
  } catch (error) {
    return { unreadable: { file: path, line: null, reason: cannotRead(error) } };
  }
}

/**
 * Returns whether an empty file in a folder has lost its content. Azure Monitor creates a blob only for an hour with records, and
 * compressed data is never empty; but an export without rows may be (`jq -c '.[]'`).
 */
export function isEmptied({ path, bytes, isGrowing }: SourceFile): boolean {
  return bytes === 0 && !isGrowing && (blobHour(path) !== undefined || /\.(?:gz|zst)$/i.test(path));
}

/** Few enough bytes to stay in the processor's cache until they are hashed. */
const chunkBytes = 128 * 1024;

/**
 * Returns the SHA-256 of each file, in hexadecimal digits; null for a file that cannot be read. Reads synchronously: many files
 * are small, and a trip through the thread pool for each would take longer than the read.
 */
export async function hashesOf(paths: readonly string[]): Promise<(string | null)[]> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const hashes: (string | null)[] = [];
  for (const path of paths) hashes.push(await hashOf(path, chunk));
  return hashes;
}

async function hashOf(path: string, chunk: Buffer): Promise<string | null> {
  try {
    const file = openSync(path, "r");
    try {
      return await hashOfOpen(file, chunk);
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

/** Returns the SHA-256 of an open file from its current position, in hexadecimal digits. */
export async function hashOfOpen(file: number, chunk: Buffer = Buffer.allocUnsafe(chunkBytes)): Promise<string> {
  const hash = createHash("sha256");
  for (let bytes = readSync(file, chunk); bytes > 0; bytes = readSync(file, chunk)) {
    hash.update(chunk.subarray(0, bytes));
    await breathe();
  }
  return hash.digest("hex");
}
