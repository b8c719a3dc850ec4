/** Where the CLI keeps what it need not fetch twice. */
import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "./io.ts";

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
