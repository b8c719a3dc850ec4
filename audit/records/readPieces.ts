import { createReadStream } from "node:fs";
import { JsonPieces, type JsonPiece } from "./jsonPieces.ts";

/** Bytes of a line that are kept: a whole old blob, `{"records": [...]}`, may stand on one. */
const longestLine = 64 * 1024 * 1024;

const lineFeed = 10;

/**
 * Finds the JSON objects of a file in any form it may have: JSON lines, pretty-printed objects, arrays, `{"records": [...]}`, with
 * a byte order mark, with CRLF. What is none comes out with the reason, and its line.
 *
 * @param growing whether the file is still being written to: then an unfinished last object is left for the next read.
 */
export async function* readPieces(file: string, growing = false): AsyncGenerator<JsonPiece> {
  const pieces = new JsonPieces();
  for await (const lines of linesOf(file)) {
    for (const line of lines) {
      if (line === "too long") {
        pieces.addTooLong();
      } else {
        pieces.add(decode(line));
      }
    }
    yield* pieces.drain();
  }
  pieces.end(growing);
  yield* pieces.drain();
}

/** The lines of each chunk of a file, without their line breaks. */
async function* linesOf(file: string): AsyncGenerator<(Buffer | "too long")[]> {
  let parts: Buffer[] = [];
  let length = 0;
  const close = (): Buffer | "too long" => {
    const line = length > longestLine ? "too long" : Buffer.concat(parts);
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    const lines: (Buffer | "too long")[] = [];
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, from)) {
      keep(chunk.subarray(from, at));
      lines.push(close());
      from = at + 1;
    }
    keep(chunk.subarray(from));
    yield lines;
  }
  if (length > 0) {
    yield [close()];
  }

  function keep(part: Buffer): void {
    length += part.length;
    if (length > longestLine) {
      parts = [];
    } else if (part.length > 0) {
      parts.push(part);
    }
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(line: Buffer): string | undefined {
  try {
    return utf8.decode(line);
  } catch {
    return undefined;
  }
}
