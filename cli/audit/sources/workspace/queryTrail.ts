import { flowTable } from "../../records/logOf.ts";
import { auditCountQuery, flowCountQuery } from "../../kql/counts.ts";
import type { QueryRange } from "../../kql/auditRecords.ts";
import { auditTables, type AuditTable } from "../../kql/auditTables.ts";
import type { JoinedRow } from "../../trail/relations.ts";
import { shortId } from "../../trail/shortId.ts";
import { saysNoTable, toQueryError } from "./errors.ts";
import { openWorkspace, type RunQuery, type WorkspaceOptions } from "./logsClient.ts";
import { wholeAnswer, type Row } from "./pages.ts";

export interface TrailQueryOptions extends WorkspaceOptions {
  readonly range: QueryRange;
  /** ARM id of a Bastion host, or of a scope that contains it. Default: all hosts. */
  readonly bastion?: string | undefined;
}

/** The number of rows of a log in a workspace, and the times of the first and the last. */
export interface LogCount {
  readonly records: number;
  readonly first: Date | undefined;
  readonly last: Date | undefined;
}

/** A workspace that joins the trail itself. */
export interface TrailWorkspace {
  /**
   * Returns the rows of the trail, sorted by start. The result is always complete.
   * @param query the whole join over one table of audit records, with or without the table of flows.
   * @throws WorkspaceQueryError if the workspace cannot be queried or returns only a part.
   */
  readonly join: (query: (table: AuditTable, hasFlows: boolean) => string) => Promise<JoinedRow[]>;
  readonly audit: LogCount;
  readonly flows: LogCount;
}

/** @throws WorkspaceQueryError if the workspace cannot be queried. */
export async function openTrailWorkspace(options: TrailQueryOptions): Promise<TrailWorkspace> {
  const { range } = options;
  const run = await openWorkspace(options);
  const counts = await auditCounts(run, options);
  const flows = await countOf(run, flowCountQuery(range), flowTable, options);
  return {
    audit: sum(counts.map(({ count }) => count)),
    flows: flows ?? sum([]),
    join: async (query) => {
      const rows: JoinedRow[] = [];
      for (const { table, count } of counts) {
        if (count.records === 0) continue;
        const answer = await wholeAnswer(run, query(table, flows !== undefined), options).catch((error: unknown) => {
          throw told(error, options);
        });
        rows.push(...answer.map(joinedRow));
      }
      return rows.sort((one, other) => one.Start - other.Start || (one.Id < other.Id ? -1 : 1));
    },
  };
}

interface TableCount {
  readonly table: AuditTable;
  readonly count: LogCount;
}

/** Counts the audit records in each table that exists. */
async function auditCounts(run: RunQuery, options: TrailQueryOptions): Promise<TableCount[]> {
  const { range, bastion } = options;
  const counts: TableCount[] = [];
  for (const table of auditTables) {
    const count = await countOf(run, auditCountQuery(table, range, bastion), table.name, options);
    if (count !== undefined) counts.push({ table, count });
  }
  return counts;
}

/**
 * Returns the time of the newest audit record of a range; `undefined` if there is none.
 * @throws WorkspaceQueryError if the workspace cannot be queried.
 */
export async function newestRecord(options: TrailQueryOptions): Promise<Date | undefined> {
  const counts = await auditCounts(await openWorkspace(options), options);
  return sum(counts.map(({ count }) => count)).last;
}

/** Returns `undefined` if the table does not exist: Azure creates it with its first row. */
async function countOf(
  run: RunQuery,
  kql: string,
  table: string,
  options: TrailQueryOptions,
): Promise<LogCount | undefined> {
  try {
    const [row] = await wholeAnswer(run, kql, options);
    const [first, last] = [row?.First, row?.Last].map((time) => (time instanceof Date ? time : undefined));
    return { records: Number(row?.Records ?? 0), first, last };
  } catch (error) {
    if (saysNoTable(error, table)) return undefined;
    throw told(error, options);
  }
}

/** Returns the error to show for a failed query. */
function told(error: unknown, { customerId, signal }: TrailQueryOptions): unknown {
  signal?.throwIfAborted();
  return toQueryError(error, customerId);
}

function sum(counts: readonly LogCount[]): LogCount {
  const times = counts.flatMap(({ first, last }) => [first, last]).flatMap((time) => time?.getTime() ?? []);
  return {
    records: counts.reduce((all, { records }) => all + records, 0),
    first: times.length === 0 ? undefined : new Date(Math.min(...times)),
    last: times.length === 0 ? undefined : new Date(Math.max(...times)),
  };
}

/**
 * Shortens the id: the workspace identifies a session by its tunnel or, if its records have none, by the facts that distinguish
 * it.
 */
function joinedRow(row: Row): JoinedRow {
  return { ...row, Id: shortId(String(row.Id)) } as unknown as JoinedRow;
}
