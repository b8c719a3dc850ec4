import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Values } from "./client.ts";

/** A Python process that evaluates one expression after the other (sdk.py). */
export class PythonSession {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string, undefined>;

  constructor(interpreter: string, script: string, environment: Values) {
    const env = { ...process.env, ...environment };
    this.#process = spawn(interpreter, [script], { env, stdio: ["pipe", "pipe", "inherit"] });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error when the process has ended. */
  async evaluate(expression: string): Promise<unknown> {
    this.#process.stdin.write(`${JSON.stringify(expression)}\n`);
    const { done, value } = await this.#answers.next();
    if (done === true) throw new Error("The Python process has ended.");
    return JSON.parse(value) as unknown;
  }

  async end(): Promise<void> {
    this.#process.stdin.end();
    if (this.#process.exitCode === null) await once(this.#process, "exit");
  }
}
