/** Keeps texts in a temporary file. Memory holds only the place of each text. */
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ownerOnlyFile } from "./privateFolder.ts";
import { temporaryFolder, temporaryProblem } from "./temporaryFolder.ts";

/** Bytes written at once. */
const chunkBytes = 1024 * 1024;
/** Size of the length that precedes each text. */
const headBytes = 4;

export class Spool {
  readonly #file: number;
  readonly #pending: Buffer[] = [];
  #pendingBytes = 0;
  #written = 0;

  constructor(path: string) {
    this.#file = openSync(path, "wx+", ownerOnlyFile);
  }

  /** @returns the place of the text. */
  add(text: string): number {
    const place = this.#written + this.#pendingBytes;
    const bytes = Buffer.from(text);
    const head = Buffer.alloc(headBytes);
    head.writeUInt32LE(bytes.length);
    this.#pending.push(head, bytes);
    this.#pendingBytes += headBytes + bytes.length;
    if (this.#pendingBytes >= chunkBytes) this.#flush();
    return place;
  }

  /** @param place as returned by `add`. */
  get(place: number): string {
    if (place >= this.#written) this.#flush();
    const length = this.#read(place, headBytes).readUInt32LE();
    return this.#read(place + headBytes, length).toString("utf8");
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(from: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let read = 0; read < length;) {
      const more = readSync(this.#file, bytes, read, length - read, from + read);
      if (more === 0) throw new Error("A temporary file was cut off.");
      read += more;
    }
    return bytes;
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#pending.splice(0));
    try {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, this.#written + done);
      }
    } catch (error) {
      throw temporaryProblem(error);
    }
    this.#written += bytes.length;
    this.#pendingBytes = 0;
  }
}

/** A list of JSON values in a spool. It can be iterated any number of times. */
export class SpooledList<Value> implements Iterable<Value> {
  readonly #spool: Spool;
  readonly #places: number[] = [];

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  get length(): number {
    return this.#places.length;
  }

  add(value: Value): void {
    this.#places.push(this.#spool.add(JSON.stringify(value)));
  }

  at(index: number): Value | undefined {
    const place = this.#places[index];
    return place === undefined ? undefined : (JSON.parse(this.#spool.get(place)) as Value);
  }

  *[Symbol.iterator](): Generator<Value> {
    for (const place of this.#places) yield JSON.parse(this.#spool.get(place)) as Value;
  }
}

/** Opens a spool that only the current user can read. It is removed afterwards, or when the process exits. */
export async function withSpool<Result>(use: (spool: Spool) => Promise<Result>): Promise<Result> {
  const folder = temporaryFolder();
  try {
    const spool = new Spool(join(folder.path, "spool"));
    try {
      return await use(spool);
    } finally {
      spool.close();
    }
  } finally {
    folder.remove();
  }
}
