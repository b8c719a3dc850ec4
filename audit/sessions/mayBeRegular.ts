import { closeSync, openSync, readSync } from "node:fs";
import { auditCategory } from "../../links/archivePath.ts";

/** Bytes that no record of Azure's has, about 1 kB each. */
const tooLong = 16 * 1024;

const lineFeed = 10;

/** Whether a file begins with a line that may be an audit record. Only what can be opened does. */
export function mayBeRegular(file: string): boolean {
  const [beginning = Buffer.alloc(0)] = chunksOf(file, tooLong);
  const end = beginning.indexOf(lineFeed);
  const line = beginning.toString("latin1", 0, end === -1 ? beginning.length : end);
  return line.length < tooLong && line.includes(auditCategory);
}

/**
 * Whether a file has a line that is longer than a record. Such a line may be nested so deeply that DuckDB 1.5 ends the process: it
 * does at some 20,000 objects.
 */
export function hasLongLine(file: string): boolean {
  /** Bytes since the last line feed, in earlier chunks. */
  let before = 0;
  for (const chunk of chunksOf(file, 16 * tooLong)) {
    let start = -before;
    while (start + tooLong < chunk.length) {
      const end = chunk.lastIndexOf(lineFeed, start + tooLong);
      if (end < Math.max(start, 0)) return true;
      start = end + 1;
    }
    before = chunk.length - start;
  }
  return false;
}

/** The bytes of a file, each chunk in the place of the one before; none of what cannot be read. */
function* chunksOf(file: string, length: number): Generator<Buffer> {
  const chunk = Buffer.alloc(length);
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return;
  }
  try {
    for (let bytes = readSync(descriptor, chunk); bytes > 0; bytes = readSync(descriptor, chunk)) {
      yield chunk.subarray(0, bytes);
    }
  } catch {
    return;
  } finally {
    closeSync(descriptor);
  }
}
