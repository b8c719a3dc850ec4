import { join } from "node:path";
import type { Progress } from "../progress.ts";
import { buildFromGo, hasGo } from "./build.ts";
import { builtEngineFolder, downloadedEngine, executable, isExecutable, onPath } from "./candidates.ts";
import { downloadEngine } from "./download.ts";
import { askVersion, engineVersion, versionProblem } from "./version.ts";

/** A usable Pulumi CLI. */
export interface Engine {
  /** Absolute path of the executable. */
  readonly command: string;
  /** For example `v3.259.0`. */
  readonly version: string;
  readonly source: "PATH" | "download" | "Go build";
}

/**
 * Builds the Pulumi CLI from Go. Without the variable, which the release build also sets, it reports itself as a
 * development build.
 * @returns the executable.
 */
function buildEngine(progress: Progress, environment: NodeJS.ProcessEnv): Promise<string> {
  const engine = {
    title: `the Pulumi engine ${engineVersion}`,
    goPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${engineVersion}` },
    folder: builtEngineFolder(environment),
    executable,
    check: async (command: string) => versionProblem(await askVersion(command)),
  };
  return buildFromGo(engine, progress);
}

/** External dependencies of the resolution, so that a test can replace the network and the compiler. */
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
 * Finds the Pulumi engine: on PATH, otherwise the release that the `pulumi` npm package downloads, otherwise a build
 * from Go. An earlier download or build is reused before anything is downloaded again.
 * @throws one error that explains why each of the three did not work and what to install.
 */
export async function resolveEngine(progress: Progress, sources: EngineSources = realSources): Promise<Engine> {
  const { engine: present, onPathProblem } = await presentEngine(sources);
  if (onPathProblem !== undefined) progress.note(`Not using the Pulumi engine on PATH: ${onPathProblem}.`);
  return present ?? (await fetchEngine(progress, sources, onPathProblem ?? "there is no `pulumi` on PATH"));
}

/**
 * Returns the engine that can be used without a download: on PATH, or an earlier download or build.
 * @returns also why the one on PATH cannot be used, if there is one.
 */
export async function presentEngine(
  sources: EngineSources = realSources,
): Promise<{ engine: Engine | undefined; onPathProblem: string | undefined }> {
  const { environment } = sources;
  const candidates: readonly (readonly [string | undefined, Engine["source"]])[] = [
    [onPath(environment), "PATH"],
    [downloadedEngine(environment), "download"],
  ];
  let onPathProblem: string | undefined;
  for (const [command, source] of candidates) {
    if (command === undefined || !isExecutable(command)) continue;
    const engine = await usable(command, source, sources);
    if (typeof engine !== "string") return { engine, onPathProblem };
    if (source === "PATH") onPathProblem = `${command} cannot be used, ${engine}`;
  }
  const built = join(builtEngineFolder(environment), "bin", executable);
  return { engine: isExecutable(built) ? builtEngine(built) : undefined, onPathProblem };
}

async function fetchEngine(progress: Progress, sources: EngineSources, firstReason: string): Promise<Engine> {
  const reasons = [firstReason];
  const { environment } = sources;
  try {
    await sources.download(progress);
    const engine = await usable(downloadedEngine(environment), "download", sources);
    if (typeof engine !== "string") return engine;
    reasons.push(`the downloaded engine cannot be used: ${engine}`);
  } catch (error) {
    reasons.push(`the download failed: ${messageOf(error)}`);
  }

  if (!(await sources.hasGo())) {
    reasons.push("there is no `go` on PATH to build it with");
    throw new Error(noEngine(reasons));
  }
  try {
    return builtEngine(await sources.build(progress, environment));
  } catch (error) {
    reasons.push(`the build from Go failed: ${messageOf(error)}`);
  }
  throw new Error(noEngine(reasons));
}

/** The build has asked it for its version, before it put it into the folder of this version. */
function builtEngine(command: string): Engine {
  return { command, version: `v${engineVersion}`, source: "Go build" };
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
