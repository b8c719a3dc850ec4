import type { Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { isBeginning, longestTail } from "./lastLine.ts";

/** Writes to the end of a file, and tracks where its last line begins and the hash of its content. */
export class LineWriter {
  readonly #file: FileHandle;
  #end: number;
  #lineBegin: number;
  #hash: Hash;
  /** Hash of everything before the last line. */
  #hashOfLines: Hash;

  /** @param hash of the file's content up to `end`; it is not modified. */
  constructor(file: FileHandle, end: number, hash: Hash) {
    this.#file = file;
    this.#end = end;
    this.#lineBegin = end;
    this.#hash = hash.copy();
    this.#hashOfLines = hash.copy();
  }

  /** Hash of all bytes in the file. */
  get hash(): Hash {
    return this.#hash;
  }

  /** Number of bytes in the file. */
  get end(): number {
    return this.#end;
  }

  async write(bytes: Buffer): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await this.#file.write(bytes, written, bytes.length - written, this.#end + written);
      written += bytesWritten;
    }
    const afterLines = bytes.lastIndexOf(0x0a) + 1;
    this.#hash.update(bytes.subarray(0, afterLines));
    if (afterLines > 0) {
      this.#lineBegin = this.#end + afterLines;
      this.#hashOfLines = this.#hash.copy();
    }
    this.#hash.update(bytes.subarray(afterLines));
    this.#end += bytes.length;
  }

  /**
   * Cuts off and returns a last line that has no line break and is not complete JSON. @param isFinal keeps that line in the
   * file.
   */
  async takeTail(isFinal: boolean): Promise<Buffer> {
    const length = this.#end - this.#lineBegin;
    const nothing = Buffer.alloc(0);
    if (isFinal || length === 0 || length > longestTail) {
      return nothing;
    }
    const { buffer } = await this.#file.read(Buffer.alloc(length), 0, length, this.#lineBegin);
    if (!isBeginning(buffer)) {
      return nothing;
    }
    await this.#file.truncate(this.#lineBegin);
    this.#end = this.#lineBegin;
    this.#hash = this.#hashOfLines;
    return buffer;
  }
}
