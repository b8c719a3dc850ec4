import { join } from "node:path";
import type { Progress } from "../progress.ts";
import { buildEngine, hasGo } from "./build.ts";
import { builtEngineFolder, downloadedEngine, executable, isExecutable, onPath } from "./candidates.ts";
import { downloadEngine } from "./download.ts";
import { askVersion, engineVersion, versionProblem } from "./version.ts";

/** A Pulumi CLI that can be used. */
export interface Engine {
  /** Absolute path of the executable. */
  readonly command: string;
  /** E.g. `v3.259.0`. */
  readonly version: string;
  readonly source: "PATH" | "download" | "Go build";
}

/** What resolution needs from outside, so that a test can stand in for the network and the compiler. */
export interface EngineSources {
  readonly environment: NodeJS.ProcessEnv;
  download(progress: Progress): Promise<void>;
  hasGo(): Promise<boolean>;
  build(progress: Progress, environment: NodeJS.ProcessEnv): Promise<string>;
  askVersion(command: string): Promise<string>;
}

const realSources: EngineSources = {
  environment: process.env,
  download: downloadEngine,
  hasGo,
  build: buildEngine,
  askVersion,
};

/**
 * Finds the Pulumi engine: on PATH; else the release that the `pulumi` npm package downloads; else a build from Go.
 * What an earlier run downloaded or built is used before anything is fetched again.
 * @throws one error that says why each of the three did not work and what to install.
 */
export async function resolveEngine(progress: Progress, sources: EngineSources = realSources): Promise<Engine> {
  const reasons: string[] = [];
  const { environment } = sources;

  const installed = onPath(environment);
  if (installed === undefined) {
    reasons.push("there is no `pulumi` on PATH");
  } else {
    const engine = await usable(installed, "PATH", sources);
    if (typeof engine !== "string") {
      return engine;
    }
    reasons.push(`\`pulumi\` on PATH (${installed}) cannot be used: ${engine}`);
    progress.note(`Not using ${installed}: ${engine}.`);
  }

  const downloaded = downloadedEngine(environment);
  const built = join(builtEngineFolder(environment), "bin", executable);
  for (const [command, source] of [
    [downloaded, "download"],
    [built, "Go build"],
  ] as const) {
    const engine = isExecutable(command) ? await usable(command, source, sources) : "absent";
    if (typeof engine !== "string") {
      return engine;
    }
  }

  try {
    await sources.download(progress);
    const engine = await usable(downloaded, "download", sources);
    if (typeof engine !== "string") {
      return engine;
    }
    reasons.push(`the downloaded engine cannot be used: ${engine}`);
  } catch (error) {
    reasons.push(`the download failed: ${messageOf(error)}`);
  }

  if (!(await sources.hasGo())) {
    reasons.push("there is no `go` on PATH to build it with");
    throw new Error(noEngine(reasons));
  }
  try {
    const engine = await usable(await sources.build(progress, environment), "Go build", sources);
    if (typeof engine !== "string") {
      return engine;
    }
    reasons.push(`the engine built from Go cannot be used: ${engine}`);
  } catch (error) {
    reasons.push(`the build from Go failed: ${messageOf(error)}`);
  }
  throw new Error(noEngine(reasons));
}

async function usable(command: string, source: Engine["source"], sources: EngineSources): Promise<Engine | string> {
  try {
    const version = await sources.askVersion(command);
    return versionProblem(version) ?? { command, version, source };
  } catch (error) {
    return messageOf(error);
  }
}

function noEngine(reasons: readonly string[]): string {
  return (
    `No Pulumi engine ${engineVersion} or newer: ${reasons.join("; ")}. ` +
    "Install the Pulumi CLI (https://www.pulumi.com/docs/install/) or Go (https://go.dev/dl/), and run this again."
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}
