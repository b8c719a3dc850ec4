import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { openStateFile, stateFileFailure } from "./stateFile.ts";

/** A lock file that is held until it is released or the process ends for any reason. */
export interface ExclusiveLock {
  release(): void;
}

/** SQLITE_BUSY (sqlite.org/rescode.html): another connection holds the lock. */
const busy = 5;

/**
 * Takes the lock `file`, or returns `undefined` if another process (or this one) holds it.
 *
 * The lock is SQLite's own file lock, because the operating system releases it when its process ends: a killed holder
 * never leaves a stale lock behind, unlike a pid file.
 */
export function tryLock(file: string): ExclusiveLock | undefined {
  const database = openStateFile(file, "Delete it.", () => {
    mkdirSync(dirname(file), { recursive: true });
    return new DatabaseSync(file);
  });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === busy) return undefined;
    throw stateFileFailure(file, "Delete it.", error);
  }
  return {
    release() {
      database.close();
    },
  };
}

/**
 * Takes the lock `file`, waiting for its holder.
 * @param limit milliseconds to wait. Defaults to no limit.
 * @param onWait called once if the lock is held by another holder.
 * @returns `undefined` if the limit is reached.
 */
export async function waitForLock(
  file: string,
  { limit = Infinity, onWait }: { limit?: number; onWait?: () => void } = {},
): Promise<ExclusiveLock | undefined> {
  const end = Date.now() + limit;
  for (let attempt = 0; ; attempt += 1) {
    const lock = tryLock(file);
    if (lock !== undefined || Date.now() >= end) return lock;
    if (attempt === 0) onWait?.();
    await delay(100);
  }
}
