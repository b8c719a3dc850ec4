import { activityColumns } from "../../activity/eventFields.ts";
import type { ActivityLog } from "../../activity/activityLog.ts";
import { activityEventsQuery, type ActivityEventsQuery } from "../../kql/activity.ts";
import type { Page } from "../../kql/auditRecords.ts";
import { activityCountQuery } from "../../kql/counts.ts";
import { saysNoTable, toQueryError } from "./errors.ts";
import { openWorkspace, type WorkspaceOptions } from "./logsClient.ts";
import { readPages, wholeAnswer, type Row } from "./pages.ts";

/**
 * One event of the exported activity log, keyed by column name. A missing fact is null; dates are ISO 8601 UTC, objects are
 * JSON texts.
 */
export type ActivityRow = Readonly<Record<string, string | null>>;

export interface ActivityQueryOptions extends WorkspaceOptions, Omit<ActivityEventsQuery, "page"> {
  /** Rows per page. An event with its body may have tens of kB, and a response at most 100 MB. @default 5000 */
  readonly pageRows?: number;
}

/**
 * Reads events of the activity log from a Log Analytics workspace, oldest first, page by page. Yields none if the workspace has
 * never received one.
 *
 * @throws WorkspaceQueryError if the workspace cannot be queried or returns only a part.
 */
export async function* queryActivity(options: ActivityQueryOptions): AsyncGenerator<ActivityRow> {
  const { customerId, range, pageRows = 5000 } = options;
  const run = await openWorkspace(options);
  const kql = (page: Page): string => activityEventsQuery({ ...options, page });
  try {
    for await (const row of readPages(run, { range, kql, pageRows, customerId })) yield activityRowOf(row);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    if (!saysNoTable(error, "AzureActivity")) throw toQueryError(error, customerId);
  }
}

/**
 * Returns what the activity log in a workspace has in a time range, whatever the operations.
 * @throws WorkspaceQueryError if the workspace cannot be queried.
 */
export async function seenActivity(
  options: Pick<ActivityQueryOptions, keyof WorkspaceOptions | "range" | "subscriptionId">,
): Promise<Pick<ActivityLog, "seen" | "subscriptions">> {
  const { customerId, range, subscriptionId } = options;
  const run = await openWorkspace(options);
  const rows = await wholeAnswer(run, activityCountQuery(range, subscriptionId), options).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    if (!saysNoTable(error, "AzureActivity")) throw toQueryError(error, customerId);
    return [];
  });
  const times = rows.flatMap(({ First, Last }) => [First, Last]).flatMap((one) => (one instanceof Date ? +one : []));
  const count = rows.reduce((all, { Records }) => all + Number(Records), 0);
  return {
    seen: count === 0 ? undefined : { count, first: Math.min(...times), last: Math.max(...times) },
    subscriptions: rows.map(({ Subscription }) => String(Subscription)).filter((id) => id !== ""),
  };
}

function activityRowOf(row: Row): ActivityRow {
  const texts = activityColumns.map((column): [string, string | null] => {
    const value = row[column];
    if (value instanceof Date) return [column, value.toISOString()];
    return [column, typeof value === "string" && value !== "" ? value : null];
  });
  return Object.fromEntries(texts);
}
