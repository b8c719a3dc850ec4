import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, relative } from "node:path";
import { stripVTControlCharacters, styleText } from "node:util";
import type { SandboxDescription, SandboxDirectory } from "./directory.ts";
import { clientEnvironment } from "./environment.ts";

/** Maximum width of a line, in cells. */
const widest = 100;

interface Check {
  readonly text: string;
  readonly passed: boolean;
}

/** Prints a story on stdout, step by step, and records which of its checks passed. */
export class Narrator {
  readonly checks: Check[] = [];
  readonly #directory: SandboxDirectory;

  constructor(directory: SandboxDirectory) {
    this.#directory = directory;
  }

  heading(text: string): void {
    process.stdout.write(`\n${styleText("bold", text)}\n`);
  }

  check(text: string, passed: boolean): void {
    this.checks.push({ text: stripVTControlCharacters(text), passed });
    const mark = passed ? styleText("green", "✔") : styleText("red", "✖");
    process.stdout.write(`${mark} ${text}\n`);
  }

  /** Runs a command of the CLI, shows its output, and checks that each word of the claim occurs in it once. */
  async tell(
    description: SandboxDescription,
    args: readonly string[],
    claim: string,
    words: readonly string[],
  ): Promise<void> {
    this.heading(`$ bastion-trail ${args.join(" ")}`);
    const { exitCode, said } = await this.#cli(description, args, (chunk) => process.stdout.write(chunk));
    const plain = stripVTControlCharacters(said);
    const isOnce = (word: string): boolean => plain.split(new RegExp(`\\b${word}\\b`)).length === 2;
    this.check(claim, exitCode === 0 && words.every(isOnce));
  }

  /** Runs a command of the CLI that writes a file: shows the claim, or the command's output if it fails. */
  async write(description: SandboxDescription, args: readonly string[], claim: string): Promise<void> {
    const { exitCode, said } = await this.#cli(description, args, () => undefined);
    this.check(exitCode === 0 ? claim : said, exitCode === 0);
  }

  async #cli(description: SandboxDescription, args: readonly string[], show: (chunk: string) => void) {
    const { isTTY, columns } = process.stdout;
    const child = spawn(process.execPath, [join(import.meta.dirname, "../cli/bin/bastion-trail.js"), ...args], {
      env: {
        ...process.env,
        ...clientEnvironment(this.#directory, description),
        COLUMNS: String(isTTY ? Math.min(columns, widest) : widest),
        ...(isTTY && { FORCE_COLOR: "1" }),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        said += chunk;
        show(chunk);
      });
    }
    const [exitCode] = (await once(child, "close")) as [number | null];
    return { exitCode, said };
  }
}

/** Returns the path relative to the current folder, if the file is inside it. */
export function shortPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") ? file : path;
}
