import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type { SandboxDescription, SandboxDirectory } from "./directory.ts";
import type { Engine } from "./engine/resolve.ts";
import { engineEnvironment } from "./environment.ts";
import { messageOf } from "./failure.ts";

/** Name of the project in Pulumi.yaml. */
export const projectName = "bastion-trail";
/** Name of the sandbox's only stack. */
export const stackName = "sandbox";
/** Folder of Pulumi.yaml and the program. */
export const projectFolder = dirname(import.meta.dirname);

export interface EngineTarget {
  readonly directory: SandboxDirectory;
  readonly description: SandboxDescription;
  readonly engine: Engine;
}

/**
 * Runs one command of the Pulumi CLI in the project, with the sandbox's own state.
 * @returns its stdout.
 */
export async function runEngine({ directory, description, engine }: EngineTarget, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(engine.command, [...args, "--non-interactive"], {
    cwd: projectFolder,
    env: {
      ...process.env,
      ...engineEnvironment(directory, description),
      PULUMI_HOME: directory.pulumiHome,
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
    maxBuffer: Infinity,
  });
  return stdout;
}

/** Creates the stack in the sandbox's own state if it does not exist, so that an ordinary Pulumi CLI finds it. */
export async function ensureStack(target: EngineTarget): Promise<void> {
  mkdirSync(target.directory.stateFolder, { recursive: true });
  try {
    await runEngine(target, ["stack", "init", stackName]);
  } catch (error) {
    if (!messageOf(error).includes("already exists")) throw error;
  }
}
