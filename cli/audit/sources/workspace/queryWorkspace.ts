import { auditRecordsQuery, type QueryRange } from "../../kql/auditRecords.ts";
import { auditTables } from "../../kql/auditTables.ts";
import { sourceRecords } from "../../records/readRecords.ts";
import type { SessionFilter, SourceRecord } from "../../records/types.ts";
import { dayMs } from "../../../time.ts";
import { auditRowOf } from "./auditRow.ts";
import { saysNoTable, toQueryError } from "./errors.ts";
import { openWorkspace, type WorkspaceOptions } from "./logsClient.ts";
import { readPages } from "./pages.ts";

export interface AuditQueryOptions extends WorkspaceOptions {
  readonly filter?: SessionFilter;
  /** The current time. Records dated more than a day later are not read. */
  readonly now: Date;
  /** Rows per page. A record is about 1 kB, and a response at most 100 MB. @default 20000 */
  readonly pageRows?: number;
}

/**
 * Reads the audit records of all sessions that may match the filter from a Log Analytics workspace: first those of the
 * dedicated table, then those of `AzureDiagnostics`, each oldest first, page by page. A missing table has no records. Messages
 * name the table instead of a file, and the number of the row instead of a line.
 *
 * @throws WorkspaceQueryError if the workspace cannot be queried or returns only a part.
 */
export async function* queryWorkspace(options: AuditQueryOptions): AsyncGenerator<SourceRecord> {
  const { filter = {}, customerId, pageRows = 20_000 } = options;
  const range = rangeOf(options);
  const run = await openWorkspace(options);
  for (const table of auditTables) {
    const kql = (page: Parameters<typeof auditRecordsQuery>[0]["page"]): string =>
      auditRecordsQuery({ table, range, filter, page });
    let line = 0;
    try {
      for await (const row of readPages(run, { range, kql, pageRows, customerId })) {
        line += 1;
        yield* sourceRecords(auditRowOf(row), { file: table.name, line });
      }
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      if (!saysNoTable(error, table.name)) throw toQueryError(error, customerId);
    }
  }
}

/**
 * Widens the filter's range by a day on both sides, where other records of its sessions may be. A session without a record in
 * that time is not found.
 */
export function rangeOf({ filter, now }: Pick<AuditQueryOptions, "filter" | "now">): QueryRange {
  const latest = now.getTime() + dayMs;
  return {
    start: new Date(Math.max(0, (filter?.from?.getTime() ?? 0) - dayMs)),
    end: new Date(Math.min(latest, (filter?.to?.getTime() ?? latest) + dayMs)),
  };
}
