/** Flows of the evidence store, as a relation of DuckDB. */
import { constants, copyFile, link } from "node:fs/promises";
import { basename, join } from "node:path";
import { rowsIn } from "../store/evidence.ts";
import type { Engine } from "../store/engine.ts";
import type { UsedSegment } from "../store/store.ts";

/** Columns that distinguish a connection from all others at the same time. */
const ends = `"VmIp", "Port", "SourceIp", "SourcePort", "Rule", "Acl"`;

/** The same for two copies of a flow. Computed when it is read: an id for each flow would be most of what is stored. */
const id = `hash("VmIp", "Port", "SourceIp", "SourcePort", "Start")`;

/** A flow that does not continue in another file: it was refused, is aggregated, or has both its begin and its end. */
const isWhole = `("State" = 'D' OR "Interval" > 0 OR ("HasBegin" AND "State" = 'E'))`;

const facts = `"FlowId", "VmIp", "Port", "SourceAddress", "Start", "Finish", "Rule", "State", "Bytes", "Interval"`;

/** For an aggregated row, the end is not that of the whole connection, and there are no bytes. */
const relation = `SELECT "FlowId"::VARCHAR AS "FlowId", "VmIp", "Port"::BIGINT AS "Port", "SourceAddress" AS "Source", "Start",
  CASE WHEN "State" = 'E' AND "Interval" = 0 THEN "Finish" ELSE 0 END AS "Finish", "Rule", "State" = 'D' AS "Refused",
  coalesce("Bytes", -1) AS "Bytes", "Interval"`;

export interface StoredFlowsOptions {
  /** Query for the addresses of the VMs. Connections to other VMs are left out. Default: all VMs. */
  readonly vms?: string;
  /**
   * Number of flows that are held in memory; of more, they are read from files each time. Also the approximate number of
   * pieces of connections that are joined at once: DuckDB cannot spill all of what that needs.
   * @default 500_000
   */
  readonly atOnce?: number;
}

/**
 * Returns the relation `flows` of relations.ts as a query. A connection that continues in the next hour's blob has a piece in
 * each blob; its pieces become one row. A connection that began before the log is left out, because nobody knows when it was
 * admitted.
 * @param segments at least one.
 */
export async function storedFlows(
  engine: Engine,
  segments: readonly UsedSegment[],
  { vms, atOnce = 500_000 }: StoredFlowsOptions = {},
): Promise<string> {
  const isAsked = vms === undefined ? "true" : `lower("VmIp") IN (SELECT DISTINCT lower("VmIp") FROM (${vms}))`;
  const askedIn = (some: readonly UsedSegment[]) =>
    `(SELECT *, ${id} AS "FlowId" FROM ${rowsIn(some)} WHERE ${isAsked})`;
  const asked = askedIn(segments);
  const [[count = 0, pieces = 0] = []] = await engine.rows(
    `SELECT count(*), count(*) FILTER (NOT ${isWhole}) FROM ${asked}`,
  );
  const isHeld = Number(count) <= atOnce;
  if (isHeld) await engine.run(`CREATE OR REPLACE TABLE asked_flows AS FROM ${asked}`);
  const stored = isHeld ? "asked_flows" : askedIn(await keptBy(engine, segments));
  const parts = Math.max(1, Math.ceil(Number(pieces) / atOnce));
  // A read that failed may have created it.
  await engine.run(`CREATE OR REPLACE TABLE joined_flows AS ${joined(stored, "false")}`);
  for (let part = 0; part < parts; part += 1) {
    const isOfPart = `hash("VmIp", "Port", "SourceIp", "SourcePort") % ${parts} = ${part}`;
    await engine.run(`INSERT INTO joined_flows ${joined(stored, isOfPart)}`);
  }
  return `${relation} FROM (
    SELECT ${facts} FROM ${stored} WHERE ${isWhole} AND ("State" = 'D' OR "HasBegin")
    UNION ALL SELECT ${facts} FROM joined_flows)`;
}

/**
 * Returns segments whose files are in the engine's folder too: the query runs later, and somebody may have removed those of the store
 * by then.
 */
async function keptBy(engine: Engine, segments: readonly UsedSegment[]): Promise<UsedSegment[]> {
  const kept = segments.map((segment) => ({ ...segment, path: join(engine.folder, basename(segment.path)) }));
  for (const [at, { path }] of kept.entries()) {
    const stored = segments[at]?.path ?? path;
    await link(stored, path).catch(() => copyFile(stored, path, constants.COPYFILE_EXCL));
  }
  return kept;
}

/** Joins the pieces of connections. @param isOfPart condition that has the same value for all pieces of a connection. */
function joined(stored: string, isOfPart: string): string {
  return `WITH
      -- A folder may hold two copies of one blob, the earlier one without what came later.
      piece AS MATERIALIZED (
        FROM ${stored} WHERE NOT ${isWhole} AND ${isOfPart}
        QUALIFY row_number() OVER (PARTITION BY "FlowId" ORDER BY "Finish" DESC) = 1
      ),
      opened AS (
        SELECT *, "HasBegin" OR coalesce(lag("State") OVER by_time = 'E', true) AS opens,
          max("Finish") OVER (by_time ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS known
        FROM piece
        WHERE "FlowId" NOT IN (SELECT "FlowId" FROM ${stored} WHERE ${isWhole} AND "FlowId" IN (SELECT "FlowId" FROM piece))
        WINDOW by_time AS (PARTITION BY ${ends} ORDER BY "Start", "Finish")
      ),
      numbered AS (
        SELECT *, count(*) FILTER (opens) OVER (
          PARTITION BY ${ends} ORDER BY "Start", "Finish" ROWS UNBOUNDED PRECEDING) AS connection
        FROM opened
      )
    SELECT arg_min("FlowId", "Start") AS "FlowId", "VmIp", "Port", any_value("SourceAddress") AS "SourceAddress", min("Start") AS "Start",
      max("Finish") AS "Finish", "Rule", arg_max("State", "Finish") AS "State",
      -- A piece may be in another one, if files were joined. Of two that overlap, nobody knows what both have counted.
      CASE WHEN bool_or("Start" <= known AND "Finish" > known) THEN NULL
        ELSE sum("Bytes") FILTER (known IS NULL OR "Finish" > known) END::BIGINT AS "Bytes",
      0::BIGINT AS "Interval"
    FROM numbered GROUP BY ${ends}, connection HAVING bool_or("HasBegin")`;
}

/** The stored flows. */
interface FlowTimes {
  /** When the first and the last of them began, in milliseconds since the Unix epoch. */
  readonly first: number;
  readonly last: number;
  readonly records: number;
  /** Whether all of them are rows of `NTANetAnalytics`. */
  readonly areSums: boolean;
}

/** Returns the times of the stored flows; `undefined` if there are none. */
export async function timesOf(engine: Engine, segments: readonly UsedSegment[]): Promise<FlowTimes | undefined> {
  if (segments.length === 0) return undefined;
  const [[first = null, last = null, records = 0, interval = 0] = []] = await engine.rows(
    `SELECT min("Start"), max("Start"), count(*), min("Interval") FROM ${rowsIn(segments)}`,
  );
  if (first === null) return undefined;
  return { first: Number(first), last: Number(last), records: Number(records), areSums: Number(interval) > 0 };
}
