import { flowTable } from "../../records/logOf.ts";
import type { QueryRange } from "../../kql/auditRecords.ts";
import { flowColumns, flowsQuery } from "../../kql/flows.ts";
import type { RawEntry } from "../../records/types.ts";
import { saysNoTable, toQueryError } from "./errors.ts";
import { openWorkspace, type WorkspaceOptions } from "./logsClient.ts";
import { readPages, type Row } from "./pages.ts";

export interface FlowQueryOptions extends WorkspaceOptions {
  /** When the rows were written: up to two hours after the flows. */
  readonly range: QueryRange;
  /** Rows per page. @default 20000 */
  readonly pageRows?: number;
}

/**
 * Reads the flow rows that Traffic Analytics wrote to a Log Analytics workspace, oldest first, page by page. They are numbered
 * from 1 instead of by line. Yields none if the workspace has never received one.
 *
 * @throws WorkspaceQueryError if the workspace cannot be queried or returns only a part.
 */
export async function* queryFlows(options: FlowQueryOptions): AsyncGenerator<RawEntry> {
  const { customerId, range, pageRows = 20_000 } = options;
  const run = await openWorkspace(options);
  const kql = (page: { start: Date; rows: number }): string => flowsQuery({ range, page });
  let line = 0;
  try {
    for await (const row of readPages(run, { range, kql, pageRows, customerId })) {
      line += 1;
      yield { file: flowTable, line, value: flowRowOf(row) };
    }
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    if (!saysNoTable(error, flowTable)) throw toQueryError(error, customerId);
  }
}

/** Returns a row with the name of its table, and with dates as texts. */
function flowRowOf(row: Row): Record<string, unknown> {
  const values = flowColumns.map((column) => {
    const value = row[column];
    return [column, value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value] as const;
  });
  return { type: flowTable, ...Object.fromEntries(values) };
}
