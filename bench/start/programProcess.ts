import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { parse } from "yaml";
import { benchConfig, engineConfig } from "../benchConfig.ts";
import type { MockEngine } from "./mockEngine.ts";

/** A program as declared in `Pulumi.yaml`. */
export interface Program {
  /** Absolute path of the program's entry file. */
  readonly file: string;
  /** The project's folder, in which the program runs. */
  readonly folder: string;
  /** Whether ts-node compiles it, Pulumi's default for a TypeScript project. Otherwise Node runs it directly. */
  readonly tsNode: boolean;
  /** Arguments for Node before Pulumi's host: `nodeargs`. Default: none. */
  readonly nodeArguments?: readonly string[];
}

/** This project's own program, as declared in its Pulumi.yaml. */
export function ownProgram(repository: string): Program {
  const { main, runtime } = parse(readFileSync(join(repository, "Pulumi.yaml"), "utf8")) as {
    main: string;
    runtime: { options: { typescript: boolean; nodeargs: string } };
  };
  const { typescript, nodeargs } = runtime.options;
  return {
    file: join(repository, main),
    folder: repository,
    tsNode: typescript,
    nodeArguments: nodeargs.split(" "),
  };
}

/** Cost of one process of a program, from start to end, in milliseconds and bytes. */
export interface ProgramRun {
  readonly wall: number;
  readonly cpuTime: number;
  /** Largest resident set. */
  readonly memory: number;
  /** Number of registered resources, other than components. */
  readonly resources: number;
}

/** The script that Pulumi's language host for Node starts for each preview and each up. */
const programHost = join(dirname(createRequire(import.meta.url).resolve("@pulumi/pulumi")), "cmd", "run");
const reportUsage = join(import.meta.dirname, "reportUsage.cjs");

/** The output and exit code of a program's process. */
export interface ProgramOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Output of `reportUsage`. */
  readonly usage: string;
}

export interface ProgramOptions {
  /** Number of VMs in its config. */
  readonly vms: number;
  /** Variables in addition to those of this process. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Whether it is a preview. Default: false. */
  readonly dryRun?: boolean | undefined;
}

/** Runs a program in a process, as `pulumi up` and `pulumi preview` do. */
export async function hostProgram(
  { address }: MockEngine,
  { file, folder, tsNode, nodeArguments = [] }: Program,
  { vms, environment = {}, dryRun = false }: ProgramOptions,
): Promise<ProgramOutcome> {
  const host = ["--monitor", address, "--engine", address, "--project", "bastion-trail", "--stack", "bench"];
  const words = [...host, "--organization", "organization", ...(dryRun ? ["--dry-run"] : []), "--pwd", folder, file];
  const child = spawn(process.execPath, ["--require", reportUsage, ...nodeArguments, programHost, ...words], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(engineConfig(benchConfig(vms))),
      PULUMI_NODEJS_TYPESCRIPT: String(tsNode),
      ...environment,
    },
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  const streams = child.stdio.slice(1, 4) as Readable[];
  const [stdout = "", stderr = "", usage = ""] = await Promise.all(streams.map((stream) => text(stream)));
  const [exitCode] = await ended;
  return { exitCode, stdout, stderr, usage };
}

/**
 * Runs a program as `pulumi up` does, and measures it.
 *
 * @throws with its output if the program fails.
 */
export async function runProgram(
  engine: MockEngine,
  program: Program,
  vms: number,
  environment?: Readonly<Record<string, string>>,
): Promise<ProgramRun> {
  const begin = performance.now();
  const { exitCode, stdout, stderr, usage } = await hostProgram(engine, program, { vms, environment });
  const wall = performance.now() - begin;
  if (exitCode !== 0) {
    throw new Error(`${program.file} ended with exit code ${String(exitCode)}:\n${stdout}\n${stderr}`);
  }
  const { memory, cpuTime } = JSON.parse(usage) as Pick<ProgramRun, "memory" | "cpuTime">;
  return { wall, cpuTime, memory, resources: engine.resources() };
}
