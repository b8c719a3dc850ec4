import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ActivityEvent } from "./types.ts";

/** Characters of events that are held; more than that goes to disk, sorted. An event takes two to three times as much. */
const heldCharacters = 48 * 1024 * 1024;

export interface SortedEvents {
  /** Each event once, by time; ends with the files on disk removed. Can be iterated once. */
  readonly events: AsyncIterable<ActivityEvent>;
  /** Events that had come already, in whatever spelling, counted as `events` is iterated. */
  readonly duplicates: () => number;
}

/**
 * Puts events in order, whatever the order they come in and however many there are: the API answers the newest first, and
 * blobs are by the hour in which events arrived. Events of the same time are ordered by what they say, so that a set of
 * events has one order only, and the same event twice stands side by side.
 *
 * @param held characters that are held in memory.
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
    await runs.remove();
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
      await runs.remove();
    }
  };
  return { events: events(), duplicates: () => duplicates };
}

/**
 * Whether two events of one time are one in two spellings: the table may have both (Azure-Sentinel #4350), and the archive
 * has the same events without their ids. Two events without an id are one if they differ in case only.
 */
function isSameEvent(one: ActivityEvent, other: ActivityEvent): boolean {
  if (one.id !== null && other.id !== null) return one.id.toLowerCase() === other.id.toLowerCase();
  if (one.id === other.id) return JSON.stringify(one).toLowerCase() === JSON.stringify(other).toLowerCase();
  const facts = ["operation", "status", "correlationId", "resource", "caller"] as const;
  return facts.every((fact) => one[fact]?.toLowerCase() === other[fact]?.toLowerCase());
}

/** All that is known of an event; where both spellings say something, the first has it. */
function merged(one: ActivityEvent, other: ActivityEvent): ActivityEvent {
  const known = Object.entries(one).filter(([, value]) => value !== null);
  const resource = isOneCase(one.resource) ? (other.resource ?? one.resource) : one.resource;
  return { ...other, ...(Object.fromEntries(known) as Partial<ActivityEvent>), resource };
}

/** Whether an id lost its own case: the table has ids in lower case, the archive in upper case. */
function isOneCase(id: string | null): boolean {
  return id === null || id === id.toLowerCase() || id === id.toUpperCase();
}

/** The event as one line. Lines are in the order of their events: all times are equally long. */
function lineOf(event: ActivityEvent): string {
  // These two end a line for Node's reader, and JSON leaves them as they are.
  const json = JSON.stringify(event).replaceAll(/[\u2028\u2029]/g, (end) => (end === "\u2028" ? "\\u2028" : "\\u2029"));
  return `${event.time} ${json}`;
}

/** Sorted parts that lie on disk, in a folder that only its owner can read. */
class Runs {
  #folder: string | undefined;
  readonly #files: string[] = [];

  async write(lines: readonly string[]): Promise<void> {
    this.#folder ??= await mkdtemp(join(tmpdir(), "bastion-trail-"));
    const file = join(this.#folder, String(this.#files.length));
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

  async remove(): Promise<void> {
    if (this.#folder !== undefined) {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }
}

function* linesOf(lines: readonly string[]): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

/** A reader begins at once, and what it reads before somebody listens is lost: so both are one step. */
function linesIn(file: string): AsyncIterator<string> {
  return createInterface({ input: createReadStream(file), crlfDelay: Infinity })[Symbol.asyncIterator]();
}

// eslint-disable-next-line @typescript-eslint/require-await -- the same kind of source as a file
async function* inMemory(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
