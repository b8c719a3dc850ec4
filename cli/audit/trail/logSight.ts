import { blobHour } from "../records/blobHour.ts";
import type { RowOf } from "./relations.ts";
import type { LogCoverage, LogGap } from "./types.ts";
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
  readonly #lost: Lost[] = [];

  /** Notes several records, given the times of the first and the last. */
  seeAll({ first, last }: { readonly first: number; readonly last: number }, records: number): void {
    this.#records += records;
    this.#first = Math.min(this.#first, first);
    this.#last = Math.max(this.#last, last);
  }

  /** Notes that something cannot be read. */
  lose(lost: Lost): void {
    this.#lost.push(lost);
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
  const whole = { Subscription: "", Tail: false };
  if (state === "none" || from === null || until === null) return [{ ...whole, From: -forever, Until: forever }];
  return [
    { ...whole, From: -forever, Until: Date.parse(from) },
    ...gaps.map((gap) => ({
      From: Date.parse(gap.from),
      Until: Date.parse(gap.to),
      Subscription: gap.subscription ?? "",
      Tail: false,
    })),
    { ...whole, From: Date.parse(until), Until: forever, Tail: true },
  ];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A time range from which something cannot be read. @see LogGap.subscription */
interface Lost extends Stretch {
  readonly subscription?: string | undefined;
}

/**
 * Returns the times from which something in a file may be: the file's hour or, if it arrived late, the hour before; any time if
 * the path names no hour.
 */
export function lostTime(file: string): Stretch {
  const hour = blobHour(file);
  return hour === undefined ? { from: -Infinity, to: Infinity } : { from: hour - hourMs, to: hour + hourMs };
}

/** Returns the gaps within a time range, sorted; those of one subscription are merged. */
export function gapsWithin(gaps: readonly Lost[], range: Stretch): LogGap[] {
  const within = gaps
    .map(({ from, to, subscription }) => ({
      from: Math.max(from, range.from),
      to: Math.min(to, range.to),
      subscription: subscription?.toLowerCase() ?? null,
    }))
    .filter(({ from, to }) => from < to)
    .sort((one, other) => one.from - other.from);
  const merged = [...Map.groupBy(within, ({ subscription }) => subscription).values()].flatMap((lost) => {
    const found: (typeof lost)[number][] = [];
    for (const gap of lost) {
      const last = found.at(-1);
      if (last !== undefined && gap.from <= last.to) last.to = Math.max(last.to, gap.to);
      else found.push(gap);
    }
    return found;
  });
  return merged
    .sort((one, other) => one.from - other.from)
    .map(({ from, to, subscription }) => ({ from: iso(from), to: iso(to), subscription }));
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
