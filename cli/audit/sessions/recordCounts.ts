/** Counts the records of evidence. */
import type { Engine } from "../store/engine.ts";
import { totalsOf } from "../store/repeats.ts";
import type { SessionFilter } from "../records/types.ts";
import type { UsedSegment } from "../store/store.ts";
import { scopeCondition } from "./sessionRelation.ts";

export interface RecordCounts {
  /** Number of records, including duplicates. */
  readonly records: number;
  readonly duplicates: number;
  /** Time of the latest record in milliseconds since the Unix epoch; null without records. */
  readonly last: number | null;
}

/**
 * Counts the records of the view `evidence`: those of the Bastion hosts in the filter's scope, as an archive has them in folders of
 * their own. It reads the table `repeats`, and the records only if there is a scope, or if not all segments are used whole.
 */
export async function countRecords(
  engine: Engine,
  segments: readonly UsedSegment[],
  filter: Pick<SessionFilter, "bastion"> = {},
): Promise<RecordCounts> {
  const { condition, values } = scopeCondition(filter);
  const isAll = filter.bastion === undefined;
  const repeats = isAll ? "repeats" : `repeats WHERE session IN (SELECT session FROM evidence WHERE ${condition})`;
  const [[duplicates = 0] = []] = await engine.rows(`SELECT coalesce(sum(repeats), 0) FROM ${repeats}`, values);
  const totals = isAll ? totalsOf(segments) : undefined;
  if (totals === undefined) {
    const [[records = 0, last = null] = []] = await engine.rows(
      `SELECT count(*), max("time") FROM evidence WHERE ${condition}`,
      values,
    );
    return {
      records: Number(records),
      duplicates: Number(duplicates),
      last: last === null ? null : Number(last),
    };
  }
  const times = totals.flatMap(({ last }) => last ?? []);
  return {
    records: segments.reduce((sum, { records }) => sum + records, 0),
    duplicates: Number(duplicates),
    last: times.length === 0 ? null : times.reduce((one, other) => Math.max(one, other)),
  };
}
