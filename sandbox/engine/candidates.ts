import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { engineVersion } from "./version.ts";

/** File name of the CLI on this system. */
export const executable = process.platform === "win32" ? "pulumi.exe" : "pulumi";

/**
 * Returns the first executable of a name on PATH. Excludes `node_modules/.bin`: npm adds it to PATH, and its `pulumi`
 * is the npm package's launcher, which downloads the engine at its first run.
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

/**
 * Returns where the `pulumi` npm package (and the Automation API) store their download: lib/cache.js of the package.
 */
export function downloadedEngine(environment: NodeJS.ProcessEnv): string {
  const home = environment.PULUMI_HOME ?? join(homedir(), ".pulumi");
  return join(home, "versions", engineVersion, "bin", executable);
}

/** Returns the user's cache of engines built from Go. */
export function builtEngineFolder(environment: NodeJS.ProcessEnv): string {
  return builtFolder("engine", engineVersion, environment);
}

/** Returns the user's cache of programs built from Go, with one folder per version, system and processor. */
export function builtFolder(kind: string, version: string, environment: NodeJS.ProcessEnv): string {
  const target = `v${version}-${process.platform}-${process.arch}`;
  return join(cacheFolder(environment), "bastion-trail", kind, target);
}

/** XDG base directory specification; Windows has its own. An empty or relative `XDG_CACHE_HOME` is treated as unset. */
function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const xdg = environment.XDG_CACHE_HOME;
  if (xdg?.startsWith("/") === true) return xdg;
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
