/** Folders for what is nobody's but the owner's. */
import { chmod, lstat, mkdir } from "node:fs/promises";

export const ownerOnlyFolder = 0o700;
export const ownerOnlyFile = 0o600;

/** Why a folder is not used, a sentence. */
export class NotPrivateError extends Error {
  override readonly name = "NotPrivateError";
}

/**
 * Makes a folder below one that exists, for its owner only (0700). One that is there already must be the owner's: somebody else's,
 * one that others can write to, or a link to one could hand what is written to them, or have in it what they wrote.
 * @throws NotPrivateError
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: ownerOnlyFolder }).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  });
  const found = await lstat(folder);
  if (!found.isDirectory()) {
    throw new NotPrivateError(`${folder} is not a folder, or is a link to one.`);
  }
  // Windows keeps a person's own folders by access lists.
  if (process.getuid === undefined) return;
  if (found.uid !== process.getuid()) {
    throw new NotPrivateError(`The folder ${folder} belongs to another user.`);
  }
  if ((found.mode & 0o022) !== 0) {
    throw new NotPrivateError(`Other users can write to the folder ${folder}.`);
  }
  if ((found.mode & 0o077) !== 0) {
    await chmod(folder, ownerOnlyFolder);
  }
}
