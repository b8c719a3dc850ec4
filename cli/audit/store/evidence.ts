/** Evidence as a DuckDB relation, independent of its source. All queries run on it. */
import { createLoaded, stored } from "./recordColumns.ts";
import type { Engine } from "./engine.ts";
import type { FoundBesides } from "./besides.ts";
import { parquet } from "./normalise.ts";
import type { UsedSegment } from "./store.ts";

/** The evidence from a source. */
export interface Evidence {
  readonly segments: readonly UsedSegment[];
  /** What was found besides the segments. */
  readonly beside: readonly FoundBesides[];
}

/**
 * Creates the view `evidence`: one row per record, including duplicates. Its columns are the facts of `cli/audit/fields.ts` by
 * name, with times and durations in milliseconds, and:
 *
 * - `segment` and `source`: number of the record's segment among those given, and number of its file in the segment; see
 *   `originals.ts`;
 * - `identity`: the same for duplicates of a record; `spelling`: differs between duplicates in different case;
 * - `session`: the same for all records of one session.
 */
export async function createEvidence(engine: Engine, segments: readonly UsedSegment[]): Promise<void> {
  await engine.run(createLoaded);
  await engine.run(`CREATE OR REPLACE TEMP VIEW evidence AS ${evidence(segments)}`);
}

function evidence(segments: readonly UsedSegment[]): string {
  return segments.length === 0
    ? `SELECT *, 0::UBIGINT AS segment FROM (${stored("FROM loaded")})`
    : `SELECT *, file_index AS segment FROM ${rowsIn(segments)}`;
}

/** Returns the rows of the files in use, as a table expression. @param segments at least one. */
export function rowsIn(segments: readonly UsedSegment[]): string {
  const all = parquet(segments.map(({ path }) => path));
  const left = segments.flatMap(({ sources, only }, segment) =>
    only === undefined
      ? []
      : sources.flatMap((_, source) => (only.includes(source) ? [] : [`(${segment}::UBIGINT, ${source})`])),
  );
  // Excludes files of other hours, and files that have changed since.
  return left.length === 0
    ? all
    : `(SELECT *, file_index FROM ${all} WHERE (file_index, source) NOT IN (${left.join(", ")}))`;
}
