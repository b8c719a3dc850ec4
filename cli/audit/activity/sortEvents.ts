import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ownerOnlyFile } from "../../files/privateFolder.ts";
import { temporaryFolder, type TemporaryFolder } from "../../files/temporaryFolder.ts";
import type { ActivityEvent } from "./types.ts";

/**
 * Characters of events held in memory; more are written to disk, sorted. An event takes two to three times its length in
 * memory.
 */
const heldCharacters = 48 * 1024 * 1024;

/**
 * Sorts any number of events by time, in bounded memory: the API returns the newest first, and a query may return any order.
 *
 * @param held characters held in memory.
 * @returns events that can be iterated once; when the iteration ends, the files on disk are removed.
 */
export async function sortEvents(
  source: AsyncIterable<ActivityEvent>,
  held: number = heldCharacters,
): Promise<AsyncIterable<ActivityEvent>> {
  const runs = new Runs();
  let lines: string[] = [];
  let length = 0;
  try {
    for await (const event of source) {
      const line = lineOf(event);
      lines.push(line);
      length += line.length;
      if (length > held) {
        await runs.write(lines.sort());
        lines = [];
        length = 0;
      }
    }
  } catch (error) {
    runs.remove();
    throw error;
  }
  return eventsIn(runs, lines.sort());
}

async function* eventsIn(runs: Runs, rest: readonly string[]): AsyncGenerator<ActivityEvent> {
  try {
    for await (const line of runs.merged(rest)) yield JSON.parse(line.slice(line.indexOf("{"))) as ActivityEvent;
  } finally {
    runs.remove();
  }
}

/** Returns the event as one line. Lines sort like their events, because all times have the same length. */
function lineOf(event: ActivityEvent): string {
  // Node's line reader treats these two characters as line ends, and JSON does not escape them.
  const json = JSON.stringify(event).replaceAll(/[\u2028\u2029]/g, (end) => (end === "\u2028" ? "\\u2028" : "\\u2029"));
  return `${event.time} ${json}`;
}

/** Sorted runs of lines on disk, in a folder that only its owner can read. */
class Runs {
  #folder: TemporaryFolder | undefined;
  readonly #files: string[] = [];

  async write(lines: readonly string[]): Promise<void> {
    this.#folder ??= temporaryFolder();
    const file = join(this.#folder.path, String(this.#files.length));
    await writeFile(file, linesOf(lines), { mode: ownerOnlyFile });
    this.#files.push(file);
  }

  async *merged(rest: readonly string[]): AsyncGenerator<string> {
    const heads: { line: string; readonly from: AsyncIterator<string> }[] = [];
    const sources = [...this.#files.map((file) => () => linesIn(file)), () => inMemory(rest)];
    for (const open of sources) {
      const from = open();
      const first = await from.next();
      if (first.done !== true) heads.push({ line: first.value, from });
    }
    while (heads.length > 0) {
      const least = heads.reduce((one, other) => (other.line < one.line ? other : one));
      yield least.line;
      const next = await least.from.next();
      if (next.done === true) heads.splice(heads.indexOf(least), 1);
      else least.line = next.value;
    }
  }

  remove(): void {
    this.#folder?.remove();
  }
}

function* linesOf(lines: readonly string[]): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

/** Opens a reader and its iterator in one step: the reader starts at once and drops lines that nobody listens for. */
function linesIn(file: string): AsyncIterator<string> {
  return createInterface({ input: createReadStream(file), crlfDelay: Infinity })[Symbol.asyncIterator]();
}

// eslint-disable-next-line @typescript-eslint/require-await -- the same kind of source as a file
async function* inMemory(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
