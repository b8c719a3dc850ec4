/** Where the CLI keeps what must not be lost. */
import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "./io.ts";

/**
 * `BASTION_TRAIL_STATE`, or the folder `bastion-trail` where the platform keeps state: `$XDG_STATE_HOME` or
 * `~/.local/state`, `~/Library/Application Support` on macOS, `%LOCALAPPDATA%` on Windows.
 */
export function stateFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const given = env.BASTION_TRAIL_STATE;
  return given !== undefined && given !== "" ? given : join(platformState(env, platform), "bastion-trail");
}

/** The file that profiles are in. */
export function profilesFile(env: Environment): string {
  return join(stateFolder(env), "profiles", "profiles.json");
}

function platformState(env: Environment, platform: NodeJS.Platform): string {
  const home = env.HOME !== undefined && env.HOME !== "" ? env.HOME : homedir();
  if (platform === "darwin") {
    return join(home, "Library", "Application Support");
  }
  if (platform === "win32") {
    return env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local");
  }
  const { XDG_STATE_HOME: state = "" } = env;
  return state === "" ? join(home, ".local", "state") : state;
}
