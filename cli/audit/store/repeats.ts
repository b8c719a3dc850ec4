/** Records that repeat an earlier one, as a DuckDB relation. */
import type { Engine } from "./engine.ts";
import type { Totals } from "./normalise.ts";
import { repeatsIn } from "./recordColumns.ts";
import type { UsedSegment } from "./store.ts";

/** Returns the totals of all segments; `undefined` if one has none, or is not used whole. */
export function totalsOf(segments: readonly UsedSegment[]): Totals[] | undefined {
  const known = segments.flatMap(({ only, totals }) => (only === undefined && totals !== undefined ? [totals] : []));
  return known.length === segments.length ? known : undefined;
}

/**
 * Creates the table `repeats` from the view `evidence`: the column `repeats` is the number of records of a `session` that
 * repeat an earlier one. A session may have several rows.
 *
 * Those within a whole segment were found when it was written. A record and its duplicates have the same time, so two segments
 * can only share them at times that both cover.
 */
export async function createRepeats(engine: Engine, segments: readonly UsedSegment[]): Promise<void> {
  const totals = totalsOf(segments);
  if (totals === undefined) {
    await engine.run(`CREATE OR REPLACE TEMP TABLE repeats AS ${repeatsIn("evidence")}`);
    return;
  }
  const repeated = totals.flatMap((one) => (one.repeated === "" ? [] : [one.repeated])).join(" ");
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE repeats AS SELECT session::UBIGINT AS session, 1::BIGINT AS repeats
      FROM (SELECT unnest(string_split($repeated, ' ')) AS session) WHERE session <> ''`,
    { repeated },
  );
  const shared = sharedTimes(totals).map(({ first, last }) => `"time" BETWEEN ${first} AND ${last}`);
  if (shared.length > 0) {
    const once = `(SELECT DISTINCT segment, session, identity FROM evidence WHERE ${shared.join(" OR ")})`;
    await engine.run(`INSERT INTO repeats ${repeatsIn(once)}`);
  }
}

/** A range of time in which several segments may have records, both ends included. */
interface SharedTime {
  readonly first: number;
  readonly last: number;
}

export function sharedTimes(segments: readonly Pick<Totals, "first" | "last">[]): SharedTime[] {
  const ranges = segments.flatMap(({ first, last }) => (first === null || last === null ? [] : [{ first, last }]));
  const shared: SharedTime[] = [];
  let reached = -Infinity;
  for (const { first, last } of ranges.sort((one, other) => one.first - other.first)) {
    if (first <= reached) shared.push({ first, last: Math.min(last, reached) });
    reached = Math.max(reached, last);
  }
  return shared;
}
