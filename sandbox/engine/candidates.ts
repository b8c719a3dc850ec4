import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { engineVersion } from "./version.ts";

/** The CLI's file name on this system. */
export const executable = process.platform === "win32" ? "pulumi.exe" : "pulumi";

/**
 * The first executable of a name on PATH. `node_modules/.bin` is left out: npm puts it on PATH, and the `pulumi` found there is
 * the npm package's launcher, which downloads on its first run instead of being an engine.
 */
export function onPath(environment: NodeJS.ProcessEnv, name = executable): string | undefined {
  return (environment.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !isNpmBin(folder))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isNpmBin(folder: string): boolean {
  return basename(folder) === ".bin" && basename(dirname(folder)) === "node_modules";
}

/** Where the `pulumi` npm package (and the Automation API) keep what they download: lib/cache.js of the package. */
export function downloadedEngine(environment: NodeJS.ProcessEnv): string {
  const home = environment.PULUMI_HOME ?? join(homedir(), ".pulumi");
  return join(home, "versions", engineVersion, "bin", executable);
}

/** The user's cache of engines built from Go. */
export function builtEngineFolder(environment: NodeJS.ProcessEnv): string {
  return builtFolder("engine", engineVersion, environment);
}

/** The user's cache of what is built from Go, one folder for each version, system and processor. */
export function builtFolder(kind: string, version: string, environment: NodeJS.ProcessEnv): string {
  const target = `v${version}-${process.platform}-${process.arch}`;
  return join(cacheFolder(environment), "bastion-trail", kind, target);
}

/** XDG base directory specification; Windows has its own. An empty or relative `XDG_CACHE_HOME` counts as unset. */
function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const xdg = environment.XDG_CACHE_HOME;
  if (xdg?.startsWith("/") === true) {
    return xdg;
  }
  return process.platform === "win32"
    ? (environment.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"))
    : join(homedir(), ".cache");
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
