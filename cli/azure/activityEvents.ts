import type { ArmClient } from "./armClient.ts";
import { AzureFailure } from "./failure.ts";
import { dayMs, minuteMs } from "../time.ts";

/** How long Azure keeps the activity log (azure-monitor-docs, activity-log.md), in days. */
export const activityDays = 90;

const apiVersion = "2015-04-01";
/** Grace period for `--since 90d`, because time passes before the request reaches Azure. */
const graceMs = minuteMs;

export interface ActivityRange {
  /** Events at or after this instant. */
  readonly from: Date;
  /** Also events up to this many milliseconds earlier, as far as Azure still keeps them. @default 0 */
  readonly aroundMs?: number;
  /** Events up to and including this instant. Default: all. */
  readonly to?: Date | undefined;
  /** Only events about this resource (ARM id), or in this resource group (name). Set at most one of the two. */
  readonly resourceId?: string;
  readonly resourceGroup?: string;
}

/**
 * Yields the events of a subscription's activity log, newest first, page by page, in the form of Azure's REST API (arm-monitor,
 * "Activity Logs - List"). The API filters by time and at most one other fact, and the events of a JIT request share none of
 * these facts. So requests can only be found among all events of the time range.
 *
 * @throws AzureFailure if `from` is before what Azure keeps. @throws ArmError
 */
export async function* listActivityEvents(
  arm: ArmClient,
  subscriptionId: string,
  { from, to, aroundMs = 0, resourceId, resourceGroup }: ActivityRange,
): AsyncGenerator {
  const oldest = arm.now().getTime() - activityDays * dayMs;
  if (from.getTime() < oldest - graceMs) {
    throw new AzureFailure(
      `Azure keeps the activity log for ${activityDays} days, and ${from.toISOString()} is before that.`,
      "Use a later time, or read what was exported: --source workspace or --source archive.",
    );
  }
  const start = new Date(Math.max(from.getTime() - aroundMs, oldest + graceMs));
  const clauses = [
    `eventTimestamp ge '${start.toISOString()}'`,
    ...(to === undefined ? [] : [`eventTimestamp le '${to.toISOString()}'`]),
    ...equals("resourceUri", resourceId),
    ...equals("resourceGroupName", resourceGroup),
  ];
  // Azure's own clients encode a space as %20, never as a plus sign.
  const filter = encodeURIComponent(clauses.join(" and "));
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values`;
  yield* arm.listOf({ method: "GET", path: `${path}?api-version=${apiVersion}&$filter=${filter}` });
}

function equals(fact: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${fact} eq '${value.replaceAll("'", "''")}'`];
}
