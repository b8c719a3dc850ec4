/**
 * Writes strings to named targets, in order for each target. Strings that arrive while a write to their target is in
 * progress are combined in the next write, so that a deployment of a thousand resources does not cause thousands of
 * small writes.
 */
export class BatchWriter {
  readonly #write: (target: string, text: string) => Promise<void>;
  readonly #waiting = new Map<string, { text: string; done: Promise<void> }>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(write: (target: string, text: string) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves once `text` has been written; rejects if its write failed. */
  add(target: string, text: string): Promise<void> {
    const waiting = this.#waiting.get(target);
    if (waiting !== undefined) {
      waiting.text += text;
      return waiting.done;
    }
    const before = this.#running.get(target) ?? Promise.resolve();
    const batch = { text, done: before.catch(() => undefined).then(() => this.#flush(target)) };
    this.#waiting.set(target, batch);
    return batch.done;
  }

  async #flush(target: string): Promise<void> {
    const text = this.#waiting.get(target)?.text ?? "";
    this.#waiting.delete(target);
    const run = this.#write(target, text);
    this.#running.set(target, run);
    try {
      await run;
    } finally {
      if (this.#running.get(target) === run) this.#running.delete(target);
    }
  }
}
