import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cached, interpreterOf } from "../pythonEnvironment.ts";

/** The version of chDB that `npm run sandbox:chdb` installs, the first whose Kusto dialect supports joins. */
const chdbVersion = "4.4.0";

/** The environment that `npm run sandbox:chdb` installs. */
export const chdbEnvironment = { folder: cached("chdb"), packages: { chdb: chdbVersion } };

/** The environment for queries that chDB cannot run; also installed by `npm run sandbox:chdb`. Requires Python 3.11. */
export const duckdbKqlEnvironment = {
  folder: cached("duckdb-kql"),
  packages: { "duckdb-kql": "1.1.2", duckdb: "2.0.1" },
};

/** Returns this project's own Python with duckdb-kql. */
export function findDuckdbKql(): Promise<string | undefined> {
  return Promise.resolve(interpreterOf(duckdbKqlEnvironment.folder));
}

/** A Python program beside this file that runs queries. */
export interface EngineProgram {
  readonly script: string;
  /** Shown if there is no Python with the packages of the program. */
  readonly installHint: string;
}

export const chdbProgram: EngineProgram = {
  script: "engine.py",
  installHint:
    `Workspace queries of the sandbox need Python 3 with the package chdb ${chdbVersion} or later. ` +
    "Install it with `npm run sandbox:chdb`, or set PYTHON to an interpreter that has it.",
};

export const duckdbKqlProgram: EngineProgram = {
  script: "duckdbKql.py",
  installHint:
    "Workspace queries of the sandbox with many joins need Python 3.11 or later with the package " +
    `duckdb-kql ${duckdbKqlEnvironment.packages["duckdb-kql"]}. Install it with \`npm run sandbox:chdb\`.`,
};

/** Prints the installed version without loading chDB, which takes a second. */
const probe = "import importlib.metadata; print(importlib.metadata.version('chdb'))";

/**
 * Returns a Python that has chDB: `PYTHON`, otherwise this project's own environment, otherwise `python3` or `python`
 * on PATH. If `PYTHON` is set, no other is considered.
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

/** Returns the version of chDB in a Python, if it is sufficient. */
export async function versionOf(python: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(python, ["-c", probe], { timeout: 30_000 });
    const version = stdout.trim();
    return isEnough(version) ? version : undefined;
  } catch {
    // The command or the package does not exist.
    return undefined;
  }
}

function isEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = chdbVersion.split(".").map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}
