import { execFile, spawn } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { waitForLock } from "../exclusiveLock.ts";
import type { Progress, ProgressStep } from "../progress.ts";
import { builtEngineFolder, executable, isExecutable } from "./candidates.ts";
import { askVersion, engineVersion, versionProblem } from "./version.ts";

const cliPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
/** The release build sets the version the same way; without it the CLI calls itself a development build. */
const versionFlag = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${engineVersion}`;

/** Whether a Go toolchain is on PATH. */
export async function hasGo(): Promise<boolean> {
  try {
    await promisify(execFile)("go", ["version"]);
    return true;
  } catch {
    return false;
  }
}

/**
 * Builds the Pulumi CLI from the Go module in this folder into the user's cache, and waits for another process that is
 * already at it. Takes minutes; says how far it is.
 * @returns the executable.
 * @throws with Go's last lines when the build fails.
 */
export async function buildEngine(progress: Progress, environment: NodeJS.ProcessEnv): Promise<string> {
  const folder = builtEngineFolder(environment);
  const command = join(folder, "bin", executable);
  const lock = await waitForLock(`${folder}.lock`, {
    onWait: () => {
      progress.note("Another process is building the Pulumi engine; waiting for it.");
    },
  });
  try {
    if (isExecutable(command)) {
      return command;
    }
    const step = progress.step(`Building the Pulumi engine ${engineVersion} from Go (minutes, once)`);
    try {
      await buildInto(folder, step);
    } catch (error) {
      step.fail(`The Pulumi engine ${engineVersion} could not be built`);
      throw error;
    }
    step.succeed(`Built the Pulumi engine ${engineVersion}, kept in ${folder}`);
    return command;
  } finally {
    lock?.release();
  }
}

async function buildInto(folder: string, step: ProgressStep): Promise<void> {
  removeLeftovers(folder);
  const unfinished = `${folder}.building-${process.pid}`;
  const output = join(unfinished, "bin", executable);
  mkdirSync(dirname(output), { recursive: true });
  try {
    const total = await countPackages(step);
    let compiled = 0;
    await go(["build", "-v", "-trimpath", "-ldflags", `-s -w ${versionFlag}`, "-o", output, cliPackage], (line) => {
      if (!line.startsWith("go: ")) {
        compiled += 1;
        step.update(`${compiled} packages compiled, ${total} at most`);
      }
    });
    const problem = versionProblem(await askVersion(output));
    if (problem !== undefined) {
      throw new Error(`The engine just built cannot be used: ${problem}.`);
    }
    // The folder appears complete or not at all, so that an interrupted build is never taken for an engine.
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Builds that were killed; the lock says that none of them is still running. */
function removeLeftovers(folder: string): void {
  for (const entry of readdirSync(dirname(folder))) {
    if (entry.startsWith(`${basename(folder)}.building-`)) {
      rmSync(join(dirname(folder), entry), { recursive: true, force: true });
    }
  }
}

/** How many packages the CLI is made of; also fetches the modules that are not yet in Go's own cache. */
async function countPackages(step: ProgressStep): Promise<number> {
  let downloaded = 0;
  const packages = await go(["list", "-deps", cliPackage], (line) => {
    if (line.startsWith("go: downloading")) {
      downloaded += 1;
      step.update(`${downloaded} Go modules downloaded`);
    }
  });
  return packages.length;
}

/** Runs `go` in this folder's module; answers the lines of stdout, and fails with the last lines of stderr. */
function go(args: readonly string[], onStderrLine: (line: string) => void): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, {
      cwd: import.meta.dirname,
      // Exactly our go.mod and go.sum, whatever workspace or flags the user has set; no C compiler, as in the release.
      env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: string[] = [];
    const lastLines: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => output.push(line));
    createInterface({ input: child.stderr }).on("line", (line) => {
      lastLines.push(line);
      lastLines.splice(0, lastLines.length - 5);
      onStderrLine(line);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) {
        resolve(output);
      } else {
        reject(new Error(`go ${args[0] ?? ""} failed: ${lastLines.join(" | ")}`));
      }
    });
  });
}
