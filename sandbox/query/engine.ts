import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Json } from "../arm/json.ts";
import { chdbProgram, findPython, type EngineProgram } from "./python.ts";

/** A table for one query. */
export interface EngineTable {
  readonly name: string;
  /** NDJSON file; null if the table is empty. */
  readonly file: string | null;
  /** Names and types, with the engine's type names. */
  readonly columns: readonly (readonly [string, string])[];
}

export interface EngineQuery {
  readonly query: string;
  readonly tables: readonly EngineTable[];
  /** Bounds of `TimeGenerated` in seconds since the Unix epoch. */
  readonly from: number | null;
  readonly to: number | null;
  /** Timeout in seconds. */
  readonly seconds: number;
}

export interface EngineResult {
  /** Names and types, with the engine's type names. */
  readonly columns: readonly (readonly [string, string])[];
  readonly rows: readonly (readonly Json[])[];
  /** Elapsed time in seconds. */
  readonly elapsed: number;
}

/** An engine's error about a query. */
export class EngineError extends Error {
  /** ClickHouse's error number, or 0. */
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** No Python with the engine was found. The message says how to install it. */
export class EngineMissing extends Error {}

interface Answer extends Partial<EngineResult> {
  readonly id: number;
  readonly error?: { readonly code: number; readonly message: string };
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * An engine that runs workspace queries in a Python process, started by the first query. The process reads its standard
 * input and ends with it, so it ends whenever this process does.
 */
export class QueryEngine {
  readonly #folder: string;
  readonly #findPython: () => Promise<string | undefined>;
  readonly #program: EngineProgram;
  readonly #waiting = new Map<number, Waiting>();
  #started: Promise<ChildProcessWithoutNullStreams> | undefined;
  #lastId = 0;

  /**
   * @param directory the sandbox's folder, in which the engine keeps its own files.
   * @param program Defaults to chDB's.
   */
  constructor(directory: string, python: () => Promise<string | undefined> = findPython, program = chdbProgram) {
    this.#folder = join(directory, "query", program.script.replace(".py", ""));
    this.#findPython = python;
    this.#program = program;
  }

  /**
   * Runs one query; concurrent queries wait for each other.
   * @throws EngineError if the engine refuses it, EngineMissing if there is no engine.
   */
  async run(query: EngineQuery): Promise<EngineResult> {
    this.#started ??= this.#start();
    let child;
    try {
      child = await this.#started;
    } catch (error) {
      // The next query tries again, because the engine may have been installed by then.
      this.#started = undefined;
      throw error;
    }
    const id = (this.#lastId += 1);
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      child.stdin.write(`${JSON.stringify({ id, ...query })}\n`);
    });
    if (answer.error !== undefined) throw new EngineError(answer.error.code, answer.error.message);
    return { columns: answer.columns ?? [], rows: answer.rows ?? [], elapsed: answer.elapsed ?? 0 };
  }

  /** Ends the process; a running query fails. */
  async close(): Promise<void> {
    const child = await this.#started?.catch(() => undefined);
    this.#started = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("close", resolve));
    child.stdin.end();
    child.kill();
    await gone;
  }

  async #start(): Promise<ChildProcessWithoutNullStreams> {
    const python = await this.#findPython();
    const { script, installHint } = this.#program;
    if (python === undefined) throw new EngineMissing(installHint);
    // The next process needs nothing that a killed one left behind.
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
    const child = spawn(python, [join(import.meta.dirname, script), this.#folder], { stdio: "pipe" });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => {
      complaint = (complaint + chunk.toString("utf8")).slice(-2000);
    });
    // The exit of the process reports a failed write.
    child.stdin.on("error", () => undefined);
    createInterface({ input: child.stdout }).on("line", (line) => {
      const answer = readAnswer(line);
      if (answer === undefined) {
        complaint = `${complaint}${line}\n`.slice(-2000);
        return;
      }
      this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
    });
    const ended = (reason: string): void => {
      this.#started = undefined;
      for (const { reject } of this.#waiting.values()) {
        reject(new Error(`The query engine ${reason}.${complaint === "" ? "" : ` ${complaint.trim()}`}`));
      }
      this.#waiting.clear();
    };
    child.on("error", (error) => {
      ended(`cannot be started: ${error.message}`);
    });
    child.on("close", (code, signal) => {
      ended(`ended with ${code === null ? (signal ?? "no exit code") : `exit code ${code}`}`);
    });
    return child;
  }
}

/** Parses an answer; undefined for a line printed by a library. */
function readAnswer(line: string): Answer | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null && "id" in parsed ? (parsed as Answer) : undefined;
  } catch {
    return undefined;
  }
}
