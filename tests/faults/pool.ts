import { Rig } from "./rig.ts";

/** Work for one sandbox at a time. */
type Job<T> = (rig: Rig) => Promise<T>;

/**
 * A few sandboxes side by side, each of which takes the next job as soon as it is free. A sandbox in which a job failed
 * is thrown away, so that one failure does not cause others.
 */
export class RigPool {
  readonly #size: number;
  readonly #free: Rig[] = [];
  readonly #queue: (() => Promise<void>)[] = [];
  readonly #workers = new Set<Promise<void>>();

  constructor(size: number) {
    this.#size = size;
    // Sandboxes stand on their own, so they have to be ended on purpose.
    for (const [signal, exitCode] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      process.once(signal, () => {
        void this.close().then(() => process.exit(exitCode));
      });
    }
  }

  /** Puts a job at the end of the queue. Its answer, or its failure, may be awaited any time later. */
  add<T>(job: Job<T>): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => {
      this.#queue.push(() => this.#work(job).then(resolve, reject));
    });
    answer.catch(() => undefined);
    if (this.#workers.size < this.#size) {
      const worker = this.#drain().finally(() => this.#workers.delete(worker));
      this.#workers.add(worker);
    }
    return answer;
  }

  /** Forgets what is queued, waits for what is running, and ends the sandboxes. */
  async close(): Promise<void> {
    this.#queue.length = 0;
    await Promise.all(this.#workers);
    await Promise.all(this.#free.splice(0).map((rig) => rig.end()));
  }

  async #drain(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      await next();
    }
  }

  async #work<T>(job: Job<T>): Promise<T> {
    const rig = this.#free.pop() ?? (await Rig.start());
    try {
      const answer = await job(rig);
      this.#free.push(rig);
      return answer;
    } catch (error) {
      await rig.end();
      throw error;
    }
  }
}
