import { blobHour } from "../records/blobHour.ts";
import type { RowOf } from "./relations.ts";
import type { LogCoverage } from "./types.ts";
import { forever, hourMs } from "../../time.ts";

/** The coverage of a log that was not read or is not exported. */
export const unreadLog: LogCoverage = {
  state: "none",
  from: null,
  until: null,
  gaps: [],
  recordsRead: 0,
  lastRecord: null,
};

/**
 * Tracks which times of a log were read. Azure Monitor creates a blob only in an hour in which it receives a record, so an hour
 * without a blob between hours with blobs is empty. Before the first record and after the last, it is unknown whether the log
 * was exported.
 */
export class LogSight {
  #first = Infinity;
  #last = -Infinity;
  #records = 0;
  readonly #lost: Stretch[] = [];

  /** Notes a record. @param time milliseconds since the Unix epoch. */
  see(time: number): void {
    this.seeAll({ first: time, last: time }, 1);
  }

  /** Notes several records, given the times of the first and the last. */
  seeAll({ first, last }: { readonly first: number; readonly last: number }, records: number): void {
    this.#records += records;
    this.#first = Math.min(this.#first, first);
    this.#last = Math.max(this.#last, last);
  }

  /** Notes that something from this time range cannot be read. */
  lose(from: number, to: number): void {
    this.#lost.push({ from, to });
  }

  /** Notes that something in a file cannot be read. */
  loseIn(file: string): void {
    const { from, to } = lostIn(file);
    this.lose(from, to);
  }

  /** @param latencyMs how late a record may usually arrive, in milliseconds. */
  coverage(now: Date, latencyMs: number): LogCoverage {
    if (this.#records === 0) return unreadLog;
    const from = Math.floor(this.#first / hourMs) * hourMs;
    const until = Math.min(
      Math.floor(this.#last / hourMs) * hourMs + hourMs,
      Math.max(now.getTime() - latencyMs, from),
    );
    return {
      state: "read",
      from: iso(from),
      until: iso(until),
      gaps: gapsWithin(this.#lost, { from, to: until }),
      recordsRead: this.#records,
      lastRecord: iso(this.#last),
    };
  }
}

/** Returns the time ranges that a log does not cover. */
export function gapRows({ state, from, until, gaps }: LogCoverage): RowOf<"gaps">[] {
  if (state === "none" || from === null || until === null) return [{ From: -forever, Until: forever, Tail: false }];
  return [
    { From: -forever, Until: Date.parse(from), Tail: false },
    ...gaps.map((gap) => ({ From: Date.parse(gap.from), Until: Date.parse(gap.to), Tail: false })),
    { From: Date.parse(until), Until: forever, Tail: true },
  ];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Returns the times from which something in a file may be: the file's hour or, if it arrived late, the hour before; any time if
 * the path names no hour.
 */
export function lostIn(file: string): Stretch {
  const hour = blobHour(file);
  return hour === undefined ? { from: -Infinity, to: Infinity } : { from: hour - hourMs, to: hour + hourMs };
}

/** Returns the gaps within a time range, merged and sorted. */
export function gapsWithin(gaps: readonly Stretch[], range: Stretch): LogCoverage["gaps"] {
  const found: { from: number; to: number }[] = [];
  const within = gaps.map(({ from, to }) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to) }));
  for (const gap of within.filter(({ from, to }) => from < to).sort((one, other) => one.from - other.from)) {
    const last = found.at(-1);
    if (last !== undefined && gap.from <= last.to) last.to = Math.max(last.to, gap.to);
    else found.push({ ...gap });
  }
  return found.map(({ from, to }) => ({ from: iso(from), to: iso(to) }));
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
