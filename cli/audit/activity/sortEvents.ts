import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { temporaryFolder, type TemporaryFolder } from "../temporaryFolder.ts";
import type { ActivityEvent } from "./types.ts";

/**
 * Characters of events held in memory; more are written to disk, sorted. An event takes two to three times its length in
 * memory.
 */
const heldCharacters = 48 * 1024 * 1024;

export interface SortedEvents {
  /** Each event once, in order of time. Can be iterated once; when the iteration ends, the files on disk are removed. */
  readonly events: AsyncIterable<ActivityEvent>;
  /** Number of events that are duplicates, in the same or another spelling; counted while `events` is iterated. */
  readonly duplicates: () => number;
}

/**
 * Sorts any number of events, in bounded memory: the API returns the newest first, and blobs are ordered by the hour in which
 * events arrived. Events with the same time are ordered by their content, so that a set of events has exactly one order and
 * duplicates are adjacent.
 *
 * @param held characters held in memory.
 */
export async function sortEvents(
  source: AsyncIterable<ActivityEvent>,
  held: number = heldCharacters,
): Promise<SortedEvents> {
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
  let duplicates = 0;
  const rest = lines.sort();
  const events = async function* (): AsyncGenerator<ActivityEvent> {
    try {
      let moment: ActivityEvent[] = [];
      let last: string | undefined;
      for await (const line of runs.merged(rest)) {
        if (line === last) {
          duplicates += 1;
          continue;
        }
        last = line;
        const event = JSON.parse(line.slice(line.indexOf("{"))) as ActivityEvent;
        if (moment[0]?.time !== event.time) {
          yield* moment;
          moment = [];
        }
        const at = moment.findIndex((other) => isSameEvent(other, event));
        const known = moment[at];
        if (known === undefined) {
          moment.push(event);
        } else {
          duplicates += 1;
          moment[at] = merged(known, event);
        }
      }
      yield* moment;
    } finally {
      runs.remove();
    }
  };
  return { events: events(), duplicates: () => duplicates };
}

/**
 * Returns whether two events with the same time are one event in two spellings: the table may have both (Azure-Sentinel #4350),
 * and the archive has the same events without their ids. Two events without an id are the same if they differ only in case.
 */
function isSameEvent(one: ActivityEvent, other: ActivityEvent): boolean {
  if (one.id !== null && other.id !== null) return one.id.toLowerCase() === other.id.toLowerCase();
  if (one.id === other.id) return JSON.stringify(one).toLowerCase() === JSON.stringify(other).toLowerCase();
  const facts = ["operation", "status", "correlationId", "resource", "caller"] as const;
  return facts.every((fact) => one[fact]?.toLowerCase() === other[fact]?.toLowerCase());
}

/** Merges two spellings of an event; where both have a fact, the first wins. */
function merged(one: ActivityEvent, other: ActivityEvent): ActivityEvent {
  const known = Object.entries(one).filter(([, value]) => value !== null);
  const resource = isOneCase(one.resource) ? (other.resource ?? one.resource) : one.resource;
  return { ...other, ...(Object.fromEntries(known) as Partial<ActivityEvent>), resource };
}

/** Returns whether an id is in one case only: the table has ids in lower case, the archive in upper case. */
function isOneCase(id: string | null): boolean {
  return id === null || id === id.toLowerCase() || id === id.toUpperCase();
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
    await writeFile(file, linesOf(lines), { mode: 0o600 });
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
