import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** The version of chDB that `npm run sandbox:chdb` installs; its Kusto dialect is the first that joins. */
export const chdbVersion = "4.4.0";

const project = join(import.meta.dirname, "../..");

/** Where `npm run sandbox:chdb` makes its virtual environment. */
export const environmentFolder = join(project, ".cache/chdb");

/** What to do where there is no Python that has chDB. */
export const installHint =
  `Workspace queries of the sandbox need Python 3 with the package chdb ${chdbVersion} or later. ` +
  "Install it with `npm run sandbox:chdb`, or set PYTHON to an interpreter that has it.";

/** Tells the installed version without loading it, which takes a second. */
const probe = "import importlib.metadata; print(importlib.metadata.version('chdb'))";

/**
 * A Python that has chDB: `PYTHON`, else the project's own environment, else `python3` or `python` on PATH.
 * Where `PYTHON` is set, no other is looked for.
 */
export async function findPython(environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  for (const candidate of candidates(environment)) {
    if ((await versionOf(candidate)) !== undefined) return candidate;
  }
  return undefined;
}

function candidates({ PYTHON }: NodeJS.ProcessEnv): string[] {
  if (PYTHON !== undefined && PYTHON !== "") return [PYTHON];
  return [...environmentPythons().filter((file) => existsSync(file)), "python3", "python"];
}

/** The interpreter of the project's environment, on POSIX and on Windows. */
export function environmentPythons(): string[] {
  return [join(environmentFolder, "bin/python"), join(environmentFolder, "Scripts/python.exe")];
}

/** The version of chDB that a Python has, if it is one that will do. */
export async function versionOf(python: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(python, ["-c", probe], { timeout: 30_000 });
    const version = stdout.trim();
    return isEnough(version) ? version : undefined;
  } catch {
    // No such command, or no such package.
    return undefined;
  }
}

function isEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = chdbVersion.split(".").map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}
