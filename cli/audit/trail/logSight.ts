import { blobHour } from "../records/blobHour.ts";
import type { RowOf } from "./relations.ts";
import type { LogCoverage } from "./types.ts";

const hourMs = 3_600_000;
const forever = 8.64e15;

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
  readonly #lost: { readonly from: number; readonly to: number }[] = [];

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

  /**
   * Notes that something in a file cannot be read. It may be from the file's hour or, if it arrived late, the hour before; from
   * any time if the path names no hour.
   */
  loseIn(file: string): void {
    const hour = blobHour(file);
    if (hour === undefined) this.lose(-Infinity, Infinity);
    else this.lose(hour - hourMs, hour + hourMs);
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
      gaps: merged(this.#lost.map((gap) => ({ from: Math.max(gap.from, from), to: Math.min(gap.to, until) }))),
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

function merged(gaps: readonly { from: number; to: number }[]): LogCoverage["gaps"] {
  const found: { from: number; to: number }[] = [];
  for (const gap of gaps.filter(({ from, to }) => from < to).sort((one, other) => one.from - other.from)) {
    const last = found.at(-1);
    if (last !== undefined && gap.from <= last.to) last.to = Math.max(last.to, gap.to);
    else found.push({ ...gap });
  }
  return found.map(({ from, to }) => ({ from: iso(from), to: iso(to) }));
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
