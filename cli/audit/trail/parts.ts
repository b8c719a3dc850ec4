/**
 * Splits the relations by time, so that a join of millions of sessions fits into memory and its rows come in order of start.
 */
import { forever } from "../../time.ts";
import type { Engine } from "../store/engine.ts";
import { relations, type RelationName } from "./relations.ts";
import { wholeSchema } from "./relationTables.ts";

/** Approximate number of sessions that are joined at once. */
const joinedAtOnce = 100_000;

/** A time range for the starts of sessions: `from` inclusive, `to` exclusive, in milliseconds since the Unix epoch. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/**
 * Sessions outside of this time are in parts of their own: the join lists the days of a part, and one record with .NET's time of
 * a missing date, 0001-01-01, would make that hundreds of thousands of days for each rule.
 */
const usual = { from: Date.UTC(2000, 0, 1), to: Date.UTC(2100, 0, 1) };

/** Splits the time of all sessions into parts, in order of time, with about the same number of sessions. */
export async function partsOf(engine: Engine, atOnce = joinedAtOnce): Promise<Part[]> {
  const parts: Part[] = [];
  for (const part of [{ from: -forever, to: usual.from }, usual, { from: usual.to, to: forever }]) {
    const [[count = 0] = []] = await engine.rows(
      `SELECT count(*) FROM ${wholeSchema}.sessions WHERE Start >= ${part.from} AND Start < ${part.to}`,
    );
    if (Number(count) > 0) parts.push(...(await splitPart(engine, part, Math.ceil(Number(count) / atOnce))));
  }
  return parts;
}

/** Splits a part into consecutive ones with about the same number of sessions; into fewer if many have the same start. */
export async function splitPart(engine: Engine, { from, to }: Part, parts: number): Promise<Part[]> {
  if (parts <= 1) return [{ from, to }];
  const shares = JSON.stringify(Array.from({ length: parts - 1 }, (_, index) => (index + 1) / parts));
  const cuts = await engine.rows(
    `SELECT DISTINCT unnest(quantile_disc(Start, ${shares})) AS Cut FROM ${wholeSchema}.sessions
      WHERE Start >= ${from} AND Start < ${to} ORDER BY Cut`,
  );
  const bounds = [from, ...cuts.map(([cut]) => Number(cut)).filter((cut) => cut > from), to];
  return bounds.slice(0, -1).map((begin, index) => ({ from: begin, to: bounds[index + 1] ?? to }));
}

/**
 * Returns how far from a session's start related rows may lie, in milliseconds: the clock skew plus the interval over which
 * flows are aggregated.
 */
export async function reachOf(engine: Engine, skewMs: number): Promise<number> {
  const [[interval = 0] = []] = await engine.rows(`SELECT coalesce(max("Interval"), 0) FROM ${wholeSchema}.flows`);
  return skewMs + Number(interval);
}

/**
 * Fills the tables that trail.sql reads with every row that can match a session of a part. Whether a flow belongs to one
 * session only also depends on sessions outside the part: on those that it also fits, and on those that fit another flow of theirs.
 */
export async function takePart(engine: Engine, { from, to }: Part, reach: number): Promise<void> {
  const within = (margin: number): string => `Start >= ${from - margin} AND Start < ${to + margin}`;
  const meets = `"From" <= ${to + reach * 2} AND Until >= ${from - reach * 2}`;
  const conditions: Partial<Record<RelationName, string>> = {
    sessions: within(reach * 4),
    flows: within(reach * 3),
    rules: meets,
    // A rule may outlive the grant it was written for.
    grants: `(${meets}) OR RequestId IN (SELECT RequestId FROM rules)`,
  };
  for (const name of ["rules", ...Object.keys(relations).filter((one) => one !== "rules")] as RelationName[]) {
    await engine.run(
      `CREATE OR REPLACE TABLE ${name} AS FROM ${wholeSchema}.${name} WHERE ${conditions[name] ?? "true"}`,
    );
  }
}
