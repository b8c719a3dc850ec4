import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { chdbVersion, environmentFolder, environmentPythons, findPython, versionOf } from "./python.ts";

/**
 * `npm run sandbox:chdb`: makes a virtual environment of its own in the project's cache and installs chDB there, from
 * wherever pip is set up to get its packages. Does nothing where a Python with chDB is at hand.
 */
async function install(): Promise<void> {
  const present = await findPython();
  if (present !== undefined) {
    console.log(`${present} has chdb ${(await versionOf(present)) ?? ""}.`);
    return;
  }
  mkdirSync(dirname(environmentFolder), { recursive: true });
  run(process.env.PYTHON ?? "python3", ["-m", "venv", environmentFolder]);
  const python = environmentPythons().find((file) => existsSync(file)) ?? "python3";
  run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `chdb==${chdbVersion}`]);
  const version = await versionOf(python);
  if (version === undefined) throw new Error(`${python} still has no chdb ${chdbVersion}.`);
  console.log(`Installed chdb ${version} in ${environmentFolder}.`);
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error !== undefined) throw new Error(`${command} cannot be started: ${error.message}.`);
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} ended with exit code ${status ?? "none"}.`);
}

try {
  await install();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
