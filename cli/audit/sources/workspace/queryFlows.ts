import { flowTable } from "../../flows/flowsIn.ts";
import { readFlowValues, type SourceFlow } from "../../flows/readFlows.ts";
import type { TimeRange } from "../../kql/auditRecords.ts";
import { flowColumns, flowsQuery } from "../../kql/flows.ts";
import { saysNoTable, toQueryError } from "./errors.ts";
import { openWorkspace, type WorkspaceOptions } from "./logsClient.ts";
import { readPages, type Row } from "./pages.ts";

export interface FlowQueryOptions extends WorkspaceOptions {
  /** When rows were written: up to two hours after the flows. */
  readonly range: TimeRange;
  /** Rows of a page. @default 20000 */
  readonly pageRows?: number;
}

/**
 * The flows that Traffic Analytics wrote to a Log Analytics workspace, oldest first, page by page. A workspace that never got one has
 * none.
 *
 * @throws WorkspaceQueryError when the workspace cannot be queried, or answers only a part.
 */
export async function* queryFlows(options: FlowQueryOptions): AsyncGenerator<SourceFlow> {
  yield* readFlowValues(flowTable, rowsOf(options));
}

async function* rowsOf(options: FlowQueryOptions): AsyncGenerator<Record<string, unknown>> {
  const { customerId, range, pageRows = 20_000 } = options;
  const run = await openWorkspace(options);
  const kql = (page: { start: Date; rows: number }): string => flowsQuery({ range, page });
  try {
    for await (const row of readPages(run, { range, kql, pageRows, customerId })) yield flowRowOf(row);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    if (!saysNoTable(error, flowTable)) throw toQueryError(error, customerId);
  }
}

/** With its table, and with dates as texts. */
function flowRowOf(row: Row): Record<string, unknown> {
  const values = flowColumns.map((column) => {
    const value = row[column];
    return [column, value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value] as const;
  });
  return { type: flowTable, ...Object.fromEntries(values) };
}
