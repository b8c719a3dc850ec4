/**
 * Writes texts to named targets, in order for each target. What arrives for a target while a write to it is under way goes
 * with the next one, so that a deployment of a thousand resources does not become as many thousand small writes.
 */
export class BatchWriter {
  readonly #write: (target: string, text: string) => Promise<void>;
  readonly #waiting = new Map<string, { text: string; done: Promise<void> }>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(write: (target: string, text: string) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves once `text` has been written; rejects when its write failed. */
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
      if (this.#running.get(target) === run) {
        this.#running.delete(target);
      }
    }
  }
}
