/** Files of a source, as the store knows them. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { setImmediate as breathe } from "node:timers/promises";
import { createHash } from "node:crypto";
import { cannotRead } from "../pieces/fileProblem.ts";
import { mayGrow } from "../records/blobHour.ts";
import type { Unreadable } from "../records/types.ts";
import type { LogFile } from "./normalise.ts";

/** A file as it is now. */
export interface SourceFile extends LogFile {
  readonly bytes: number;
  /** Another one whenever the file was written to. */
  readonly stamp: string;
}

/** What is at a path now, or why that cannot be told. */
export function lookAt(path: string, now: Date): SourceFile | { readonly unreadable: Unreadable } {
  try {
    const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true });
    const stamp = [size, mtimeNs, ctimeNs, ino].join(" ");
    return { path, name: path, isGrowing: mayGrow(path, now), bytes: Number(size), stamp };
  } catch (error) {
    return { unreadable: { file: path, line: null, reason: cannotRead(error) } };
  }
}

const chunkBytes = 1024 * 1024;

/**
 * SHA-256 of each file, in hexadecimal digits; null for one that cannot be read. Small files are many: each is read without a detour
 * over the thread pool, which would take longer than the reading.
 */
export async function hashesOf(paths: readonly string[]): Promise<(string | null)[]> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const hashes: (string | null)[] = [];
  for (const path of paths) hashes.push(await hashOf(path, chunk));
  return hashes;
}

async function hashOf(path: string, chunk: Buffer): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    const file = openSync(path, "r");
    try {
      for (let bytes = readSync(file, chunk); bytes > 0; bytes = readSync(file, chunk)) {
        hash.update(chunk.subarray(0, bytes));
        await breathe();
      }
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
  return hash.digest("hex");
}
