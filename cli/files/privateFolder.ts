/** Folders that only their owner can read and write. */
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { errorCode } from "./fileErrors.ts";

export const ownerOnlyFolder = 0o700;
export const ownerOnlyFile = 0o600;

/** Explains in one sentence why a folder is not used. */
export class NotPrivateError extends Error {
  override readonly name = "NotPrivateError";
}

/**
 * Creates a folder below an existing one, for its owner only (0700). A folder that already exists must belong to the owner. If
 * another user owns it, others can write to it, or it is a link, then others could read what is written there or plant files of
 * their own.
 * @throws NotPrivateError
 */
export function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: ownerOnlyFolder });
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
  const found = lstatSync(folder);
  if (!found.isDirectory()) {
    throw new NotPrivateError(`${folder} is not a folder, or is a link to one.`);
  }
  // Windows protects a user's own folders with access lists.
  if (process.getuid === undefined) return;
  if (found.uid !== process.getuid()) {
    throw new NotPrivateError(`The folder ${folder} belongs to another user.`);
  }
  if ((found.mode & 0o022) !== 0) {
    throw new NotPrivateError(`Other users can write to the folder ${folder}.`);
  }
  if ((found.mode & 0o077) !== 0) {
    chmodSync(folder, ownerOnlyFolder);
  }
}
