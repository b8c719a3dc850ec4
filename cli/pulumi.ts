/** Runs the Pulumi CLI for the commands. */
import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { Environment, Io } from "./io.ts";

export interface PulumiRun {
  readonly stdout: string;
  readonly stderr: string;
  /** `undefined` if Pulumi succeeded. */
  readonly failure: Error | undefined;
  /** Whether Pulumi is not on PATH. */
  readonly isMissing: boolean;
}

export interface PulumiOptions {
  /** Text for stdin. Default: none. */
  readonly input?: string;
  /** Called with each line of stdout as it arrives. */
  readonly onLine?: (line: string) => void;
  /**
   * Whether Pulumi may shut down in order when the command is stopped. A killed Pulumi leaves pending operations
   * behind. Default: false.
   */
  readonly endsInOrder?: boolean;
}

/** The name of a stack's config file. */
export function stackFileName(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/** Runs Pulumi in the current folder, without prompts. @returns its result, even if it failed. */
export function runPulumi(args: readonly string[], io: Io, more: PulumiOptions = {}): Promise<PulumiRun> {
  const { input, onLine, endsInOrder = false } = more;
  const options = {
    cwd: io.cwd,
    env: { ...packageLauncherLast(io.env), PULUMI_SKIP_UPDATE_CHECK: "true" },
    maxBuffer: Infinity,
    ...(endsInOrder ? {} : { signal: io.signal }),
  };
  return new Promise((resolve) => {
    const child = execFile("pulumi", [...args, "--non-interactive"], options, (failure, stdout, stderr) => {
      io.signal.removeEventListener("abort", interrupt);
      resolve({ stdout, stderr, failure: failure ?? undefined, isMissing: failure?.code === "ENOENT" });
    });
    function interrupt(): void {
      // A terminal sends Ctrl+C to Pulumi too, and a second one ends it at once (pulumi, backend/cancellation_scope.go).
      if (!io.isTty.stdin) child.kill("SIGINT");
    }
    if (endsInOrder) io.signal.addEventListener("abort", interrupt, { once: true });
    if (onLine !== undefined && child.stdout !== null) createInterface({ input: child.stdout }).on("line", onLine);
    if (input !== undefined) child.stdin?.end(input);
  });
}

export interface PulumiProblem {
  readonly message: string;
  /** What to do, in one or more sentences. */
  readonly nextStep: string;
}

/**
 * Explains why Pulumi cannot reach a stack at all. Pulumi has no error codes for this, so its messages are matched
 * (pulumi 3.259, pkg/cmd and pkg/backend).
 * @param place the stack, for a sentence: `stack 'dev'`, `the selected stack`.
 * @returns `undefined` for any other failure.
 */
export function knownProblem({ isMissing, stderr }: PulumiRun, place: string, io: Io): PulumiProblem | undefined {
  if (isMissing) {
    return {
      message: `Pulumi is not on PATH; ${place} cannot be read without it.`,
      nextStep: "Install it: https://www.pulumi.com/docs/install.",
    };
  }
  const reason = errorLineIn(stderr);
  // The npm package `pulumi` downloads Pulumi when it is first called, and its own errors begin so (pulumi, npm/run.js).
  const [, launcher] = /^pulumi: (.+)/.exec(reason) ?? [];
  if (launcher !== undefined) {
    return {
      message: `The npm package 'pulumi' cannot get or start Pulumi (${launcher}); ${place} cannot be read without it.`,
      nextStep: "Install it: https://www.pulumi.com/docs/install, or allow the download from get.pulumi.com.",
    };
  }
  if (/no stack named/i.test(reason)) {
    return { message: `Pulumi cannot find ${place}.`, nextStep: "List the stacks with `pulumi stack ls --all`." };
  }
  if (/no stack selected/i.test(reason)) {
    return {
      message: `No stack is selected in ${io.cwd}.`,
      nextStep: "Select one with `pulumi stack select`, or pass --stack NAME.",
    };
  }
  if (/no Pulumi\.yaml project file found|pass the fully qualified name/i.test(reason)) {
    return {
      message: `No Pulumi project in ${io.cwd}: cannot find ${place}.`,
      nextStep: "Run this in the project's folder, or pass the whole name: --stack ORGANIZATION/PROJECT/STACK.",
    };
  }
  return /PULUMI_ACCESS_TOKEN must be set/i.test(reason)
    ? { message: `Not logged in to Pulumi; ${place} cannot be read.`, nextStep: "Run `pulumi login`." }
    : undefined;
}

/** The text of the line with the error, without its full stop. Warnings may follow it. */
export function errorLineIn(stderr: string): string {
  const lines = stderr.trim().split("\n");
  const line = lines.find((one) => /^error: /i.test(one)) ?? lines.at(-1) ?? "";
  return line.replace(/^error: /i, "").replace(/\.$/, "") || "no reason given";
}

/**
 * Moves npm's folders to the end of PATH. npm puts `node_modules/.bin` first, and the `pulumi` there downloads its own
 * version; an installed one takes precedence.
 */
function packageLauncherLast(env: Environment): Environment {
  const isNpm = (folder: string): boolean => folder.endsWith(join("node_modules", ".bin"));
  const ordered = (path: string): string => {
    const folders = path.split(delimiter);
    return [...folders.filter((one) => !isNpm(one)), ...folders.filter(isNpm)].join(delimiter);
  };
  // Windows spells the variable's name in several ways.
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) =>
      name.toUpperCase() === "PATH" && value !== undefined ? [name, ordered(value)] : [name, value],
    ),
  );
}
