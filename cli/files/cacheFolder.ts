/** The folder in which the CLI caches what it has fetched. */
import { resolve } from "node:path";
import { temporaryFolder } from "./temporaryFolder.ts";
import { UserError } from "../errors.ts";
import type { Environment, Io } from "../io.ts";
import { userFolders } from "./userFolders.ts";

export interface CacheFlags {
  readonly cache?: string | undefined;
  readonly noCache?: boolean | undefined;
}

/**
 * Returns the folder that `--cache` names, or the default one. With `--no-cache`, creates a folder that only its owner
 * can read and that is removed when the process ends.
 * @throws `UserError` if both are given.
 */
export function openCache({ cache, noCache = false }: CacheFlags, io: Pick<Io, "env" | "cwd">): string {
  if (!noCache) {
    return cache === undefined ? cacheFolder(io.env) : resolve(io.cwd, cache);
  }
  if (cache !== undefined) {
    throw new UserError("--cache and --no-cache cannot be combined.", "Use one of them.");
  }
  return temporaryFolder().path;
}

/** `BASTION_TRAIL_CACHE`, or this program's folder in the user's cache folder. */
export function cacheFolder({ BASTION_TRAIL_CACHE: given = "" }: Environment): string {
  return given === "" ? userFolders.cache : given;
}
