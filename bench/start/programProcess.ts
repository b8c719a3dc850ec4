import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { benchConfig, engineConfig } from "../benchConfig.ts";
import type { MockEngine } from "./mockEngine.ts";

/** A program as `Pulumi.yaml` names it. */
export interface Program {
  /** Absolute path of the file that the engine enters. */
  readonly file: string;
  /** The project's folder, in which the program is run. */
  readonly folder: string;
  /** Whether ts-node compiles it, Pulumi's default for a TypeScript project; else Node runs it as it is. */
  readonly tsNode: boolean;
}

/** What one process of a program took, from its start to its end: milliseconds and bytes. */
export interface ProgramRun {
  readonly wall: number;
  readonly processor: number;
  /** Largest resident set. */
  readonly memory: number;
  /** Resources that it registered, other than components. */
  readonly resources: number;
}

/** What Pulumi's language host for Node starts for each preview and each up. */
const programHost = join(dirname(createRequire(import.meta.url).resolve("@pulumi/pulumi")), "cmd", "run");
const reportUsage = join(import.meta.dirname, "reportUsage.cjs");

/**
 * Runs a program in a process as `pulumi up` does, with the config of so many VMs.
 *
 * @throws with what it wrote when the program fails.
 */
export async function runProgram(
  engine: MockEngine,
  { file, folder, tsNode }: Program,
  machines: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> {
  const { address } = engine;
  const begin = performance.now();
  const stack = ["--project", "bastion-trail", "--stack", "bench", "--organization", "organization"];
  const child = spawn(
    process.execPath,
    ["--require", reportUsage, programHost, "--monitor", address, "--engine", address, ...stack, "--pwd", folder, file],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(engineConfig(benchConfig(machines))),
        PULUMI_NODEJS_TYPESCRIPT: String(tsNode),
        ...environment,
      },
    },
  );
  const ended = once(child, "close") as Promise<[number | null]>;
  const streams = child.stdio.slice(1, 4) as Readable[];
  const [stdout = "", stderr = "", usage = ""] = await Promise.all(streams.map((stream) => text(stream)));
  const [exitCode] = await ended;
  const wall = performance.now() - begin;
  if (exitCode !== 0) {
    throw new Error(`${file} ended with exit code ${String(exitCode)}:\n${stdout}\n${stderr}`);
  }
  const { memory, processor } = JSON.parse(usage) as Pick<ProgramRun, "memory" | "processor">;
  return { wall, processor, memory, resources: engine.resources() };
}
