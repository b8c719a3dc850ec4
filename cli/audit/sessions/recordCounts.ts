/** Counts the records of evidence. */
import type { Engine } from "../store/engine.ts";
import type { Totals } from "../store/normalise.ts";
import type { UsedSegment } from "../store/store.ts";

export interface RecordCounts {
  /** Number of records, including duplicates. */
  readonly records: number;
  readonly duplicates: number;
  /** Time of the latest record in milliseconds since the Unix epoch; null without records. */
  readonly last: number | null;
}

/**
 * Counts the records of the view `evidence`. Whole segments were counted when they were written. Duplicates have the same time,
 * so two segments can only share them where both have records.
 */
export async function countRecords(engine: Engine, segments: readonly UsedSegment[]): Promise<RecordCounts> {
  const counted = segments.flatMap(({ only, totals }) => (only === undefined && totals !== undefined ? [totals] : []));
  if (counted.length < segments.length) return await countAll(engine);
  const records = sum(segments.map((segment) => segment.records));
  const distinct = sum(counted.map((totals) => totals.distinct)) - (await countShared(engine, sharedTimes(counted)));
  const last = counted.reduce<number | null>((latest, totals) => later(latest, totals.last), null);
  return { records, duplicates: records - distinct, last };
}

async function countAll(engine: Engine): Promise<RecordCounts> {
  const [[records = 0, distinct = 0, last = null] = []] = await engine.rows(
    `SELECT count(*), count(DISTINCT identity), max("time") FROM evidence`,
  );
  return {
    records: Number(records),
    duplicates: Number(records) - Number(distinct),
    last: last === null ? null : Number(last),
  };
}

/** A range of time, both ends included. */
interface TimeRange {
  readonly first: number;
  readonly last: number;
}

/** Returns the ranges of time in which several segments may have records. */
export function sharedTimes(segments: readonly Pick<Totals, "first" | "last">[]): TimeRange[] {
  const ranges = segments.flatMap(({ first, last }) => (first === null || last === null ? [] : [{ first, last }]));
  const shared: TimeRange[] = [];
  let reached = -Infinity;
  for (const { first, last } of ranges.sort((one, other) => one.first - other.first)) {
    if (first <= reached) shared.push({ first, last: Math.min(last, reached) });
    reached = Math.max(reached, last);
  }
  return shared;
}

/** Counts the records that an earlier segment has too. */
async function countShared(engine: Engine, times: readonly TimeRange[]): Promise<number> {
  if (times.length === 0) return 0;
  const within = times.map(({ first, last }) => `"time" BETWEEN ${first} AND ${last}`).join(" OR ");
  const [[shared = 0] = []] = await engine.rows(
    `SELECT count(*) - count(DISTINCT identity) FROM (SELECT DISTINCT segment, identity FROM evidence WHERE ${within})`,
  );
  return Number(shared);
}

function later(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);
