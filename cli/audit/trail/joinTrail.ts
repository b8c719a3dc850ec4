import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { jitNameForm } from "@bastion-trail/core/rules/jitName";
import { nameForms } from "../records/personName.ts";
import { isOutOfMemory, type Engine } from "../store/engine.ts";
import { partsOf, reachOf, splitPart, takePart, type Part } from "./parts.ts";
import type { JoinedRow } from "./relations.ts";

/** Reads trail.sql or trail.kql. Both are beside this file; in a published package they are outside `dist`. */
export function trailQuery(language: "sql" | "kql"): string {
  const here = import.meta.dirname;
  const folder = import.meta.filename.endsWith(".ts") ? here : resolve(here, "../../../audit/trail");
  return readFileSync(join(folder, `trail.${language}`), "utf8");
}

/**
 * Returns what the join does not have from its relations: how far clocks may differ, in milliseconds, and the forms of JIT rule
 * names and of people's names. They are parameters of trail.sql and, with a capital letter, settings of trail.kql.
 */
export function joinSettings(skewMs: number) {
  return { skew: BigInt(skewMs), jitName: jitNameForm, ...nameForms };
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
  for (const part of await partsOf(engine, atOnce)) yield* joinPart(engine, part, { skewMs, query, reach });
}

interface Join {
  readonly skewMs: number;
  readonly query: string;
  readonly reach: number;
}

/** Joins a part. Its size does not show what the join needs: a part that does not fit into memory is joined in halves. */
async function* joinPart(engine: Engine, part: Part, join: Join): AsyncGenerator<JoinedRow> {
  await takePart(engine, part, join.reach);
  try {
    await engine.run(
      `CREATE OR REPLACE TABLE joined AS FROM (${join.query}) WHERE Start >= ${part.from} AND Start < ${part.to}`,
      joinSettings(join.skewMs),
    );
  } catch (error) {
    const halves = isOutOfMemory(error) ? await splitPart(engine, part, 2) : [];
    if (halves.length <= 1) throw error;
    for (const half of halves) yield* joinPart(engine, half, join);
    return;
  }
  // One text for each row is handed over much faster than 27 values.
  for await (const texts of engine.texts("SELECT to_json(joined) FROM (FROM joined ORDER BY Start, Id) joined")) {
    for (const text of texts) yield JSON.parse(text) as JoinedRow;
  }
}
