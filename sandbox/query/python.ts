import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cached, interpreterOf } from "../pythonEnvironment.ts";

/** The version of chDB that `npm run sandbox:chdb` installs; its Kusto dialect is the first that joins. */
export const chdbVersion = "4.4.0";

/** What `npm run sandbox:chdb` installs. */
export const chdbEnvironment = { folder: cached("chdb"), packages: { chdb: chdbVersion } };

/** What runs the queries that chDB cannot; `npm run sandbox:chdb` installs it too. It needs Python 3.11. */
export const duckdbKqlEnvironment = {
  folder: cached("duckdb-kql"),
  packages: { "duckdb-kql": "1.1.2", duckdb: "2.0.1" },
};

/** The project's own Python with duckdb-kql. */
export function findDuckdbKql(): Promise<string | undefined> {
  return Promise.resolve(interpreterOf(duckdbKqlEnvironment.folder));
}

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
  const own = interpreterOf(chdbEnvironment.folder);
  return [...(own === undefined ? [] : [own]), "python3", "python"];
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
