/** The relations of a time at a time, so that the join of millions of sessions fits into memory, and goes by the start. */
import type { Engine } from "../store/engine.ts";
import { relations, type RelationName } from "./relations.ts";
import { wholeSchema } from "./relationTables.ts";

/** Sessions that are joined at once, about. */
const joinedAtOnce = 100_000;

/** A time that sessions begin in, from the first moment to before the second one; milliseconds since 1970. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

const forever = 8.64e15;

/** All times, one after the other, with about as many sessions in each. */
export async function partsOf(engine: Engine, atOnce = joinedAtOnce): Promise<Part[]> {
  const [[count = 0] = []] = await engine.rows(`SELECT count(*) FROM ${wholeSchema}.sessions`);
  const parts = Math.ceil(Number(count) / atOnce);
  if (parts <= 1) return [{ from: -forever, to: forever }];
  const cuts = await engine.rows(
    `SELECT DISTINCT unnest(quantile_disc(Start, ${JSON.stringify(
      Array.from({ length: parts - 1 }, (_, index) => (index + 1) / parts),
    )})) AS Cut FROM ${wholeSchema}.sessions ORDER BY Cut`,
  );
  const bounds = [-forever, ...cuts.map(([cut]) => Number(cut)), forever];
  return bounds.slice(0, -1).map((from, index) => ({ from, to: bounds[index + 1] ?? forever }));
}

/** How far from a session what it can meet may lie, in milliseconds: the skew of clocks, and the time that a flow is summed up over. */
export async function reachOf(engine: Engine, skewMs: number): Promise<number> {
  const [[interval = 0] = []] = await engine.rows(`SELECT coalesce(max("Interval"), 0) FROM ${wholeSchema}.flows`);
  return skewMs + Number(interval);
}

/**
 * Fills the tables that trail.sql reads with all that sessions of a part can meet. Whether a flow is of one session alone depends on
 * sessions a little outside of it.
 */
export async function takePart(engine: Engine, { from, to }: Part, reach: number): Promise<void> {
  const within = (margin: number): string => `Start >= ${from - margin} AND Start < ${to + margin}`;
  const meets = `"From" <= ${to + reach * 2} AND Until >= ${from - reach * 2}`;
  const conditions: Partial<Record<RelationName, string>> = {
    sessions: within(reach * 2),
    flows: within(reach * 3),
    rules: meets,
    // A rule may outlive the grant that it was written for.
    grants: `(${meets}) OR RequestId IN (SELECT RequestId FROM rules)`,
  };
  for (const name of ["rules", ...Object.keys(relations).filter((one) => one !== "rules")] as RelationName[]) {
    await engine.run(
      `CREATE OR REPLACE TABLE ${name} AS FROM ${wholeSchema}.${name} WHERE ${conditions[name] ?? "true"}`,
    );
  }
}
