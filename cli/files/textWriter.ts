import type { FileHandle } from "node:fs/promises";

/** Characters written at a time. */
const chunkLength = 65_536;

/** Writes many small texts to a file, in chunks. */
export class TextWriter {
  readonly #handle: FileHandle;
  readonly #onChunk: (bytes: Buffer) => void;
  #pending = "";

  /** @param onChunk called with all bytes, in order. */
  constructor(handle: FileHandle, onChunk: (bytes: Buffer) => void = () => undefined) {
    this.#handle = handle;
    this.#onChunk = onChunk;
  }

  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= chunkLength) await this.end();
  }

  /** Writes what is pending. */
  async end(): Promise<void> {
    const bytes = Buffer.from(this.#pending);
    this.#pending = "";
    this.#onChunk(bytes);
    await this.#handle.writeFile(bytes);
  }
}
