/** A program on PATH that answers what a test tells it to, such as `pulumi` or `gh`. */
import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface StubAnswer {
  /** How the arguments begin. The first answer that fits is given. */
  readonly call: string;
  readonly stdout?: string;
  readonly stderr?: string;
  /** Default: 0. */
  readonly exitCode?: number;
}

export interface StubCall {
  readonly args: string;
  readonly stdin: string;
}

export class ProgramStub {
  readonly #file: string;
  readonly #log: string;

  constructor(folder: string, name: string) {
    this.#file = join(folder, name);
    this.#log = join(folder, `${name}-calls.ndjson`);
  }

  answer(...answers: readonly StubAnswer[]): void {
    const call = JSON.stringify({ answers, log: this.#log });
    const start = `import(${JSON.stringify(import.meta.url)}).then(({ main }) => main(${call}));`;
    writeFileSync(this.#file, `#!${process.execPath}\n${start}\n`);
    chmodSync(this.#file, 0o755);
  }

  calls(): StubCall[] {
    if (!existsSync(this.#log)) return [];
    const lines = readFileSync(this.#log, "utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as StubCall);
  }
}

/** Run by the program. */
export function main({ answers, log }: { answers: readonly StubAnswer[]; log: string }): void {
  const args = process.argv.slice(2).join(" ");
  const stdin = args.includes("--input -") ? readFileSync(0, "utf8") : "";
  appendFileSync(log, `${JSON.stringify({ args, stdin })}\n`);
  const found = answers.find(({ call }) => args.startsWith(call));
  process.stdout.write(found?.stdout ?? "");
  process.stderr.write(found?.stderr ?? (found === undefined ? `error: unexpected call: ${args}\n` : ""));
  process.exitCode = found?.exitCode ?? (found === undefined ? 1 : 0);
}
