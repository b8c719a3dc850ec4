import { auditTables } from "../../kql/auditTables.ts";
import { lastRecordQuery } from "../../kql/lastRecord.ts";
import { saysNoTable, toQueryError } from "./errors.ts";
import { openWorkspace, type WorkspaceOptions } from "./logsClient.ts";
import { partialError } from "./pages.ts";
import { dayMs } from "../../../time.ts";

export interface LastRecordTimeOptions extends WorkspaceOptions {
  /** ARM id of the Bastion host. */
  readonly hostId: string;
  readonly now: Date;
  /** How many days back records are looked for. @default 90 */
  readonly days?: number;
}

/**
 * Returns the time of a host's newest audit record in a Log Analytics workspace; `undefined` if there is none.
 * @throws WorkspaceQueryError if the workspace cannot be queried.
 */
export async function lastRecordTime(options: LastRecordTimeOptions): Promise<Date | undefined> {
  const { customerId, hostId, now, days = 90, signal } = options;
  const range = { start: new Date(now.getTime() - days * dayMs), end: new Date(now.getTime() + dayMs) };
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
