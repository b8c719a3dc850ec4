/** Pulumi's own command line, as the commands run it. */
import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import type { Environment, Io } from "./io.ts";

export interface PulumiRun {
  readonly stdout: string;
  readonly stderr: string;
  /** `undefined` where Pulumi succeeded. */
  readonly failure: Error | undefined;
  /** Whether there is no Pulumi to run. */
  readonly isMissing: boolean;
}

/** Runs Pulumi in the current folder, without questions. @returns how it ended, also when it failed. */
export function runPulumi(args: readonly string[], io: Io): Promise<PulumiRun> {
  const options = {
    cwd: io.cwd,
    env: { ...packageLauncherLast(io.env), PULUMI_SKIP_UPDATE_CHECK: "true" },
    maxBuffer: Infinity,
    signal: io.signal,
  };
  return new Promise((resolve) => {
    execFile("pulumi", [...args, "--non-interactive"], options, (failure, stdout, stderr) => {
      resolve({ stdout, stderr, failure: failure ?? undefined, isMissing: failure?.code === "ENOENT" });
    });
  });
}

/** npm puts `node_modules/.bin` first on PATH: the `pulumi` there downloads a version of its own. The user's goes first. */
function packageLauncherLast(env: Environment): Environment {
  const isNpm = (folder: string): boolean => folder.endsWith(join("node_modules", ".bin"));
  const ordered = (path: string): string => {
    const folders = path.split(delimiter);
    return [...folders.filter((one) => !isNpm(one)), ...folders.filter(isNpm)].join(delimiter);
  };
  // Windows spells the variable in several ways.
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) =>
      name.toUpperCase() === "PATH" && value !== undefined ? [name, ordered(value)] : [name, value],
    ),
  );
}
