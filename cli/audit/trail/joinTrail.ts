import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Engine } from "../store/engine.ts";
import { partsOf, reachOf, takePart } from "./parts.ts";
import type { JoinedRow } from "./relations.ts";

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
    // One text for each row is handed over much faster than 27 values.
    const own = `SELECT to_json(joined)
      FROM (FROM (${query}) WHERE Start >= ${part.from} AND Start < ${part.to} ORDER BY Start, Id) joined`;
    for await (const rows of engine.stream(own, { skew: BigInt(skewMs) })) {
      for (const [text] of rows) yield JSON.parse(String(text)) as JoinedRow;
    }
  }
}
