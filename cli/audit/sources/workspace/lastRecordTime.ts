import { auditTables } from "../../kql/auditTables.ts";
import { lastRecordQuery } from "../../kql/lastRecord.ts";
import { saysNoTable, toQueryError } from "./errors.ts";
import { openWorkspace, type WorkspaceOptions } from "./logsClient.ts";
import { partialError } from "./pages.ts";

export interface LastRecordTimeOptions extends WorkspaceOptions {
  /** ARM id. */
  readonly hostId: string;
  readonly now: Date;
  /** How far back records are looked for, in days. @default 90 */
  readonly days?: number;
}

const day = 86_400_000;

/**
 * When a host's newest audit record in a Log Analytics workspace happened; `undefined` where there is none.
 * @throws WorkspaceQueryError when the workspace cannot be queried.
 */
export async function lastRecordTime(options: LastRecordTimeOptions): Promise<Date | undefined> {
  const { customerId, hostId, now, days = 90, signal } = options;
  const range = { start: new Date(now.getTime() - days * day), end: new Date(now.getTime() + day) };
  const run = await openWorkspace(options);
  const times: Date[] = [];
  for (const table of auditTables) {
    try {
      const answer = await run(lastRecordQuery(table, range, hostId), range);
      if (!answer.complete) throw partialError(answer.error, customerId);
      const time: unknown = answer.table?.rows[0]?.[0];
      if (time instanceof Date) times.push(time);
    } catch (error) {
      signal?.throwIfAborted();
      if (!saysNoTable(error, table.name)) throw toQueryError(error, customerId);
    }
  }
  return times.length === 0 ? undefined : new Date(Math.max(...times.map((time) => time.getTime())));
}
