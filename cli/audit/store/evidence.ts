/** Evidence as a DuckDB relation, whatever the source: what every question is asked of. */
import { createLoaded, stored } from "./recordColumns.ts";
import type { Engine } from "./engine.ts";
import { parquet, type Found } from "./normalise.ts";
import type { UsedSegment } from "./store.ts";

/** What a source gave. */
export interface Evidence {
  readonly segments: readonly UsedSegment[];
  /** What was found beside the segments. */
  readonly beside: readonly Omit<Found, "records">[];
}

/**
 * Creates the view `evidence`: one row for each record, those that are there twice included. Its columns are the facts of
 * `cli/audit/fields.ts` by their names, times and durations in milliseconds, and
 *
 * - `segment` and `source`: numbers of its segment among those given, and of its file there; see `originals.ts`;
 * - `identity`: the same for a record that is there twice; `spelling`: another one where it is written in another case;
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

/** The rows of the files that count, as a table expression. @param segments at least one. */
export function rowsIn(segments: readonly UsedSegment[]): string {
  const all = parquet(segments.map(({ path }) => path));
  const left = segments.flatMap(({ sources, only }, segment) =>
    only === undefined
      ? []
      : sources.flatMap((_, source) => (only.includes(source) ? [] : [`(${segment}::UBIGINT, ${source})`])),
  );
  // What belongs to other hours, or was written to since.
  return left.length === 0
    ? all
    : `(SELECT *, file_index FROM ${all} WHERE (file_index, source) NOT IN (${left.join(", ")}))`;
}
