import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Json } from "../arm/model.ts";
import { findPython } from "./python.ts";

/** A table for one query. */
export interface EngineTable {
  readonly name: string;
  /** NDJSON file; null where the table is empty. */
  readonly file: string | null;
  /** Names and types, as the engine names them. */
  readonly columns: readonly (readonly [string, string])[];
}

export interface EngineQuery {
  readonly query: string;
  readonly tables: readonly EngineTable[];
  /** Bounds of `TimeGenerated` in seconds since 1970. */
  readonly from: number | null;
  readonly to: number | null;
  /** How long it may take. */
  readonly seconds: number;
}

export interface EngineResult {
  /** Names and types, as the engine names them. */
  readonly columns: readonly (readonly [string, string])[];
  readonly rows: readonly (readonly Json[])[];
  /** Seconds. */
  readonly elapsed: number;
}

/** What an engine says is wrong with a query. */
export class EngineError extends Error {
  /** ClickHouse's error number, or 0. */
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** There is no Python that has the engine. */
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
 * An engine that runs workspace queries in a Python process, started by the first query. The process reads its standard input and ends
 * with it, so it ends when this process does, however that goes.
 */
export class QueryEngine {
  readonly #folder: string;
  readonly #findPython: () => Promise<string | undefined>;
  readonly #script: string;
  readonly #waiting = new Map<number, Waiting>();
  #started: Promise<ChildProcessWithoutNullStreams> | undefined;
  #lastId = 0;

  /**
   * @param directory the sandbox's folder; the engine keeps its own files below it.
   * @param script a Python program beside this file. Default: chDB's.
   */
  constructor(directory: string, python: () => Promise<string | undefined> = findPython, script = "engine.py") {
    this.#folder = join(directory, "query", script.replace(".py", ""));
    this.#findPython = python;
    this.#script = script;
  }

  /**
   * Runs one query; several at once wait for each other.
   * @throws EngineError where the engine refuses it, EngineMissing where there is none.
   */
  async run(query: EngineQuery): Promise<EngineResult> {
    this.#started ??= this.#start();
    let child;
    try {
      child = await this.#started;
    } catch (error) {
      // The next query looks again: somebody may have installed it by then.
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

  /** Ends the process; a query that runs fails. */
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
    if (python === undefined) throw new EngineMissing(`There is no Python for ${this.#script}.`);
    // What a killed process left behind holds nothing that the next one needs.
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
    const child = spawn(python, [join(import.meta.dirname, this.#script), this.#folder], { stdio: "pipe" });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => {
      complaint = (complaint + chunk.toString("utf8")).slice(-2000);
    });
    // A write to a process that has just died is told by its exit.
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

/** An answer; undefined for a line that a library has printed. */
function readAnswer(line: string): Answer | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null && "id" in parsed ? (parsed as Answer) : undefined;
  } catch {
    return undefined;
  }
}
