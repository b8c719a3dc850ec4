import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * The Pulumi engine with which this project is developed and tested; `go.mod` and the `pulumi` npm package pin the same
 * version.
 */
export const engineVersion = "3.259.0";
/** Pulumi's language host for YAML, a separate Go module. */
export const yamlHostVersion = "1.38.0";

/** Parses a version of the Pulumi CLI, such as `v3.259.0`, the output of `pulumi version`. */
function parseVersion(text: string): readonly [number, number, number] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text.trim());
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Returns why an engine of this version cannot be used, or `undefined` if it can. */
export function versionProblem(text: string): string | undefined {
  const found = parseVersion(text);
  const needed = parseVersion(engineVersion);
  if (found === undefined || needed === undefined) {
    return `it does not tell its version (${JSON.stringify(text.trim())})`;
  }
  if (found[0] !== needed[0]) return `version ${text.trim()} is another major version than ${engineVersion}`;
  const older = found[1] < needed[1] || (found[1] === needed[1] && found[2] < needed[2]);
  return older ? `version ${text.trim()} is older than ${engineVersion}` : undefined;
}

/**
 * Runs `<command> version`.
 * @returns the version, for example `v3.259.0`.
 * @throws if the command cannot be run.
 */
export async function askVersion(command: string): Promise<string> {
  const { stdout } = await promisify(execFile)(command, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 30_000,
  });
  return stdout.trim();
}
