/** Where the CLI keeps what it need not fetch twice. */
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { UserError } from "./errors.ts";
import type { Environment, Io } from "./io.ts";

export interface CacheFlags {
  readonly cache?: string | undefined;
  readonly noCache?: boolean | undefined;
}

/**
 * The folder that `--cache` names, or the usual one; with `--no-cache` a new one, for its owner only, which is removed when
 * the process ends.
 * @throws `UserError` when both are given.
 */
export function openCache({ cache, noCache = false }: CacheFlags, io: Pick<Io, "env" | "cwd">): string {
  if (!noCache) {
    return cache === undefined ? cacheFolder(io.env) : resolve(io.cwd, cache);
  }
  if (cache !== undefined) {
    throw new UserError("--cache and --no-cache exclude each other.", "Give one of them.");
  }
  const folder = mkdtempSync(join(tmpdir(), "bastion-trail-"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/**
 * `BASTION_TRAIL_CACHE`, or the folder `bastion-trail` where the platform keeps caches: `$XDG_CACHE_HOME` or `~/.cache`,
 * `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
 */
export function cacheFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const given = env.BASTION_TRAIL_CACHE;
  if (given !== undefined && given !== "") {
    return given;
  }
  return join(platformCaches(env, platform), "bastion-trail");
}

function platformCaches(env: Environment, platform: NodeJS.Platform): string {
  switch (platform) {
    case "darwin":
      return join(homedir(), "Library", "Caches");
    case "win32":
      return env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local");
    default:
      return env.XDG_CACHE_HOME !== undefined && env.XDG_CACHE_HOME !== ""
        ? env.XDG_CACHE_HOME
        : join(homedir(), ".cache");
  }
}
