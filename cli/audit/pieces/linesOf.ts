import { TextDecoder } from "node:util";
import { refuseBinaryForm } from "./binaryForm.ts";
import { bytesOf } from "./bytesOf.ts";
import { longest } from "./piece.ts";

/** A line without its line break; `undefined` if it is not text. */
export type FileLine = string | undefined | typeof tooLong;

/** Marks a line that is longer than any value can be. */
export const tooLong = Symbol("too long");

/**
 * Reads a file as lines, chunk by chunk: UTF-8 or UTF-16, with or without a byte order mark, compressed or not.
 * @throws BinaryFormError, or what `bytesOf` throws, after the lines before the error.
 */
export async function* linesOf(file: string): AsyncGenerator<FileLine[]> {
  let splitter: Splitter | undefined;
  try {
    for await (const chunk of bytesOf(file)) {
      if (splitter === undefined) refuseBinaryForm(chunk);
      splitter ??= splitterFor(chunk);
      yield splitter.add(chunk);
    }
  } finally {
    yield splitter?.end() ?? [];
  }
}

interface Splitter {
  add(chunk: Buffer): FileLine[];
  /** Returns the last line, if the file does not end with a line break. */
  end(): FileLine[];
}

function splitterFor(chunk: Buffer): Splitter {
  const [first, second, third, fourth] = chunk;
  // Without a byte order mark, two ASCII characters tell it; a single NUL may stand anywhere in a damaged file.
  const isZero = [first, second, third, fourth].map((byte) => byte === 0).join();
  if ((first === 0xff && second === 0xfe) || isZero === "false,true,false,true") return new Utf16Splitter("utf-16le");
  if ((first === 0xfe && second === 0xff) || isZero === "true,false,true,false") return new Utf16Splitter("utf-16be");
  return new Utf8Splitter();
}

const lineFeed = 10;

class Utf8Splitter implements Splitter {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #parts: Buffer[] = [];
  #length = 0;

  add(chunk: Buffer): FileLine[] {
    const lines: FileLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, from)) {
      this.#keep(chunk.subarray(from, at));
      lines.push(this.#close());
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  end(): FileLine[] {
    return this.#length > 0 ? [this.#close()] : [];
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > longest) {
      this.#parts = [];
    } else if (part.length > 0) {
      this.#parts.push(part);
    }
  }

  #close(): FileLine {
    const line = this.#length > longest ? tooLong : this.#decode(Buffer.concat(this.#parts));
    this.#parts = [];
    this.#length = 0;
    return line;
  }

  #decode(line: Buffer): string | undefined {
    try {
      return this.#decoder.decode(line);
    } catch {
      return undefined;
    }
  }
}

class Utf16Splitter implements Splitter {
  readonly #decoder: TextDecoder;
  #parts: string[] = [];
  #length = 0;

  constructor(encoding: "utf-16le" | "utf-16be") {
    this.#decoder = new TextDecoder(encoding);
  }

  add(chunk: Buffer): FileLine[] {
    return this.#split(this.#decoder.decode(chunk, { stream: true }));
  }

  end(): FileLine[] {
    const lines = this.#split(this.#decoder.decode());
    return this.#length > 0 ? [...lines, this.#close()] : lines;
  }

  #split(text: string): FileLine[] {
    const [first = "", ...others] = text.split("\n");
    const lines: FileLine[] = [];
    this.#keep(first);
    for (const part of others) {
      lines.push(this.#close());
      this.#keep(part);
    }
    return lines;
  }

  #keep(part: string): void {
    this.#length += part.length;
    if (this.#length > longest) {
      this.#parts = [];
    } else {
      this.#parts.push(part);
    }
  }

  #close(): FileLine {
    const text = this.#parts.join("");
    // The decoder replaces invalid UTF-16 with U+FFFD.
    const line = this.#length > longest ? tooLong : text.includes("\uFFFD") ? undefined : text;
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}
