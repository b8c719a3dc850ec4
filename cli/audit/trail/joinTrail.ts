import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Engine, SqlValue } from "../store/engine.ts";
import { partsOf, reachOf, takePart } from "./parts.ts";
import { relations, type JoinedRow } from "./relations.ts";

/** The columns of the join, in order. */
export const joinedColumns = [
  ...Object.keys(relations.sessions),
  "Port",
  "Verdict",
  "Link",
  "Flags",
  "GrantId",
  "RuleId",
  "RuleName",
  "Candidates",
  "FlowFinish",
  "Bytes",
  "Incomplete",
] as readonly (keyof JoinedRow)[];

/** Reads trail.sql or trail.kql. Both are beside this file; in a published package they are outside `dist`. */
export function trailQuery(language: "sql" | "kql"): string {
  const here = import.meta.dirname;
  const folder = import.meta.filename.endsWith(".ts") ? here : resolve(here, "../../../audit/trail");
  return readFileSync(join(folder, `trail.${language}`), "utf8");
}

/**
 * Joins the relations in an engine.
 * @param skewMs how far clocks may differ, in milliseconds.
 * @param query trail.sql.
 * @param atOnce approximate number of sessions that are joined at once.
 * @returns the sessions, sorted by start.
 */
export async function* joinTrail(
  engine: Engine,
  skewMs: number,
  query: string = trailQuery("sql"),
  atOnce?: number,
): AsyncGenerator<JoinedRow> {
  const reach = await reachOf(engine, skewMs);
  for (const part of await partsOf(engine, atOnce)) {
    await takePart(engine, part, reach);
    const own = `FROM (${query}) WHERE Start >= ${part.from} AND Start < ${part.to} ORDER BY Start, Id`;
    for await (const rows of engine.stream(own, { skew: BigInt(skewMs) })) {
      for (const row of rows) yield rowOf(row);
    }
  }
}

function rowOf(values: readonly SqlValue[]): JoinedRow {
  const cells = values.map((value) => (typeof value === "bigint" ? Number(value) : value));
  return Object.fromEntries(joinedColumns.map((column, index) => [column, cells[index]])) as unknown as JoinedRow;
}
