import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writePrivate } from "./directory.ts";
import { openStateFile } from "./stateFile.ts";

/** The sandbox clock: real time plus an adjustable offset. Timers fire in the order of their due times. */
export interface Clock {
  /** Current time on the sandbox clock. */
  now(): Date;
  /**
   * Runs `task` once the clock reaches `at`, also if the clock is moved past it.
   * @returns a function that cancels the timer.
   */
  schedule(at: Date, task: () => void | Promise<void>): () => void;
}

interface Timer {
  readonly at: number;
  /** Order of scheduling, which decides between timers that are due in the same millisecond. */
  readonly order: number;
  readonly task: () => void | Promise<void>;
}

/** Maximum delay of Node's timers, in milliseconds. */
const longestDelay = 2 ** 31 - 1;

/**
 * The sandbox clock: real time plus an offset that only grows. Timers fire in the order of their due times, when real
 * time reaches them or when `advance` moves the clock past them. They never keep the process alive.
 */
export class SandboxClock implements Clock {
  readonly #file: string | undefined;
  readonly #timers = new Set<Timer>();
  readonly #onError: (error: unknown) => void;
  #offsetMs: number;
  /** While timers run during `advance`, the due time of the running timer, at which the clock is stopped. */
  #standsAt: number | undefined;
  #order = 0;
  #wake: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  /**
   * @param options.directory folder in which the offset is stored as `clock.json`, so that it survives a restart.
   * Defaults to memory only.
   * @param options.onError called if a timer's task fails in real time (`advance` throws instead). Defaults to printing
   * the error.
   */
  constructor(options: { directory?: string; onError?: (error: unknown) => void } = {}) {
    this.#file = options.directory === undefined ? undefined : join(options.directory, "clock.json");
    this.#onError =
      options.onError ??
      ((error) => {
        console.error("A timer of the sandbox clock failed:", error);
      });
    this.#offsetMs = this.#file === undefined ? 0 : readOffset(this.#file);
    if (options.directory !== undefined) mkdirSync(options.directory, { recursive: true });
  }

  /** Milliseconds by which the sandbox is ahead of real time. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): Date {
    return new Date(this.#standsAt ?? Date.now() + this.#offsetMs);
  }

  schedule(at: Date, task: () => void | Promise<void>): () => void {
    const timer: Timer = { at: at.getTime(), order: this.#order++, task };
    if (Number.isNaN(timer.at)) throw new Error("A timer needs a valid date.");
    this.#timers.add(timer);
    this.#arm();
    return () => {
      this.#timers.delete(timer);
      this.#arm();
    };
  }

  /**
   * Moves the clock forward by `ms` milliseconds and runs every timer that becomes due, in order, awaiting each; a
   * timer sees the clock at its own due time. The new offset is durable before the first timer runs.
   * @throws RangeError if `ms` is negative or not a whole number: the sandbox's time never runs backwards.
   * @throws AggregateError if tasks fail, after all due timers ran.
   */
  async advance(ms: number): Promise<void> {
    if (!Number.isSafeInteger(ms) || ms < 0) {
      throw new RangeError(`The clock moves by a whole number of milliseconds from 0 up, not by ${ms}.`);
    }
    const from = Date.now() + this.#offsetMs;
    this.#offsetMs += ms;
    if (this.#file !== undefined) writeOffset(this.#file, this.#offsetMs);
    const errors: unknown[] = [];
    await this.#run(from + ms, (error) => errors.push(error), from);
    if (errors.length > 0) throw new AggregateError(errors, "Timers failed while the clock was moved.");
  }

  /** Waits until running timers are done, and runs no others. Scheduled timers are dropped. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#wake);
    this.#timers.clear();
    await this.#running;
  }

  /**
   * Runs the timers that are due until `target`. Runs never overlap, so tasks of one clock never interleave. With
   * `from`, the clock moves from there to `target`, and stops at each timer's due time while that timer runs.
   */
  #run(target: number, onError: (error: unknown) => void, from?: number): Promise<void> {
    const run = this.#running.then(async () => {
      let reached = from;
      for (let timer = this.#next(target); timer !== undefined && !this.#closed; timer = this.#next(target)) {
        this.#timers.delete(timer);
        if (reached !== undefined) this.#standsAt = reached = Math.max(timer.at, reached);
        try {
          await timer.task();
        } catch (error) {
          onError(error);
        }
      }
      this.#standsAt = undefined;
      this.#arm();
    });
    this.#running = run;
    return run;
  }

  #next(target = Infinity): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > target) continue;
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    }
    return first;
  }

  #arm(): void {
    clearTimeout(this.#wake);
    const first = this.#next();
    if (first === undefined || this.#closed) return;
    const delay = Math.max(0, Math.min(first.at - (Date.now() + this.#offsetMs), longestDelay));
    this.#wake = setTimeout(() => void this.#run(Date.now() + this.#offsetMs, this.#onError), delay);
    this.#wake.unref();
  }
}

function readOffset(file: string): number {
  if (!existsSync(file)) return 0;
  return openStateFile(file, "Restore it from a copy, or delete it to set the clock back to the present.", () => {
    const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
    const offset: unknown = typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, "offsetMs") : undefined;
    if (typeof offset !== "number" || !Number.isSafeInteger(offset) || offset < 0) {
      throw new Error('"offsetMs" must be a whole number of milliseconds from 0 up');
    }
    return offset;
  });
}

function writeOffset(file: string, offsetMs: number): void {
  writePrivate(file, `${JSON.stringify({ offsetMs })}\n`);
}
