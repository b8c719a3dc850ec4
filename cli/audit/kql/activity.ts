import { kqlDatetime, kqlString } from "@bastion-trail/core/links/kqlText";
import { activityColumns } from "../activity/eventFields.ts";
import type { Page, TimeRange } from "./auditRecords.ts";

export interface ActivityEventsQuery {
  readonly range: TimeRange;
  /** Operation names; their casing varies between providers, so it does not count (activity-log-schema.md). */
  readonly operations: readonly string[];
  /** GUID; default: every subscription that is exported to the workspace. */
  readonly subscriptionId?: string;
  /** Only events that share one of these. */
  readonly correlationIds?: readonly string[];
  readonly page: Page;
}

/**
 * Events of the exported activity log, oldest first. `Authorization`, `Claims`, `HTTPRequest` and `Properties` are JSON
 * texts; the body of a request is the member `requestbody` of `Properties`, on its `Start` event.
 */
export function activityEventsQuery(query: ActivityEventsQuery): string {
  const { range, operations, subscriptionId, correlationIds, page } = query;
  const start = page.start > range.start ? page.start : range.start;
  return [
    "AzureActivity",
    `| where TimeGenerated >= ${kqlDatetime(start)} and TimeGenerated < ${kqlDatetime(range.end)}`,
    ...(subscriptionId === undefined ? [] : [`| where SubscriptionId =~ ${kqlString(subscriptionId)}`]),
    ...among("OperationNameValue", operations),
    ...among("CorrelationId", correlationIds),
    `| project ${activityColumns.join(", ")}`,
    `| top ${page.rows} by TimeGenerated asc`,
  ].join("\n");
}

/** An empty list lets everything through, as an absent one does. */
function among(column: string, values: readonly string[] = []): string[] {
  return values.length === 0 ? [] : [`| where ${column} in~ (${values.map(kqlString).join(", ")})`];
}
