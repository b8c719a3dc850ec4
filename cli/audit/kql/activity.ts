import { kqlDatetime, kqlString } from "@bastion-trail/core/links/kqlText";
import { activityColumns } from "../activity/eventFields.ts";
import type { Page, QueryRange } from "./auditRecords.ts";

export interface ActivityEventsQuery {
  readonly range: QueryRange;
  /**
   * Operation names, matched without case, because their case varies between providers (activity-log-schema.md). Empty for all
   * operations.
   */
  readonly operations: readonly string[];
  /** Subscription GUID. Default: every subscription that is exported to the workspace. */
  readonly subscriptionId?: string;
  readonly page: Page;
}

/**
 * Returns a query for events of the exported activity log, oldest first. `Authorization`, `Claims`, `HTTPRequest` and
 * `Properties` are JSON texts; the body of a request is the member `requestbody` of `Properties`, on its `Start` event.
 */
export function activityEventsQuery(query: ActivityEventsQuery): string {
  const { range, operations, subscriptionId, page } = query;
  const start = page.start > range.start ? page.start : range.start;
  return [
    "AzureActivity",
    `| where TimeGenerated >= ${kqlDatetime(start)} and TimeGenerated < ${kqlDatetime(range.end)}`,
    ...(subscriptionId === undefined ? [] : [`| where SubscriptionId =~ ${kqlString(subscriptionId)}`]),
    ...(operations.length === 0 ? [] : [`| where OperationNameValue in~ (${operations.map(kqlString).join(", ")})`]),
    `| project ${activityColumns.join(", ")}`,
    `| top ${page.rows} by TimeGenerated asc`,
  ].join("\n");
}
