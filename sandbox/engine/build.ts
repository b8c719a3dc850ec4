import { execFile, spawn } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { waitForLock } from "../exclusiveLock.ts";
import type { Progress, ProgressStep } from "../progress.ts";
import { isExecutable } from "./candidates.ts";

/** A program built from the Go module in this folder. */
export interface GoProgram {
  /** Display name with the version, such as `the Pulumi engine 3.259.0`. */
  readonly title: string;
  readonly goPackage: string;
  /** Go variables that the release build sets, by full name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Its folder in the user's cache; the executable is in `bin`. */
  readonly folder: string;
  readonly executable: string;
  /** @returns why the built program cannot be used, or `undefined`. */
  check?(command: string): Promise<string | undefined>;
}

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
 * Builds a program into the user's cache, and waits if another process is already building it. Takes minutes if nothing
 * is compiled yet; reports its progress.
 * @returns the executable.
 * @throws with Go's last lines if the build fails.
 */
export async function buildFromGo(program: GoProgram, progress: Progress): Promise<string> {
  const { title, folder } = program;
  const command = join(folder, "bin", program.executable);
  const lock = await waitForLock(`${folder}.lock`, {
    onWait: () => {
      progress.note(`Another process is building ${title}; waiting for it.`);
    },
  });
  try {
    if (isExecutable(command)) return command;
    const step = progress.step(`Building ${title} from Go (minutes, once)`);
    try {
      await buildInto(program, step);
    } catch (error) {
      step.fail(`Building ${title} failed`);
      throw error;
    }
    step.succeed(`Built ${title}, kept in ${folder}`);
    return command;
  } finally {
    lock?.release();
  }
}

async function buildInto(program: GoProgram, step: ProgressStep): Promise<void> {
  const { folder, executable, goPackage, variables } = program;
  removeLeftovers(folder);
  const unfinished = `${folder}.building-${process.pid}`;
  const output = join(unfinished, "bin", executable);
  mkdirSync(dirname(output), { recursive: true });
  try {
    const total = await countPackages(goPackage, step);
    let compiled = 0;
    const linked = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
    const flags = ["-s", "-w", ...linked].join(" ");
    // The linker drops debug information (-s -w); without it, compiling takes a tenth less time.
    const args = ["-trimpath", "-gcflags=all=-dwarf=false", "-ldflags", flags, "-o", output, goPackage];
    await go(["build", "-v", ...args], (line) => {
      if (!line.startsWith("go: ")) {
        compiled += 1;
        step.update(`${compiled} packages compiled, ${total} at most`);
      }
    });
    const problem = await program.check?.(output);
    if (problem !== undefined) throw new Error(`What was just built cannot be used: ${problem}.`);
    // The folder appears complete or not at all, so that an interrupted build is never used.
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Removes killed builds; the lock guarantees that none of them is still running. */
function removeLeftovers(folder: string): void {
  for (const entry of readdirSync(dirname(folder))) {
    if (entry.startsWith(`${basename(folder)}.building-`)) {
      rmSync(join(dirname(folder), entry), { recursive: true, force: true });
    }
  }
}

/** Returns the number of packages of a program; also downloads modules that are missing in Go's cache. */
async function countPackages(goPackage: string, step: ProgressStep): Promise<number> {
  let downloaded = 0;
  const packages = await go(["list", "-deps", goPackage], (line) => {
    if (line.startsWith("go: downloading")) {
      downloaded += 1;
      step.update(`${downloaded} Go modules downloaded`);
    }
  });
  return packages.length;
}

/** Runs `go` in this folder's module. Returns the lines of stdout, and fails with the last lines of stderr. */
function go(args: readonly string[], onStderrLine: (line: string) => void): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, {
      cwd: import.meta.dirname,
      // Exactly our go.mod and go.sum, regardless of the user's workspace or flags; no C compiler, as in the release.
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
