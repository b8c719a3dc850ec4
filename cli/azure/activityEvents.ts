import type { ArmClient } from "./armClient.ts";
import { AzureFailure } from "./failure.ts";

/** How long Azure keeps the activity log (azure-monitor-docs, activity-log.md), in days. */
export const activityDays = 90;

const apiVersion = "2015-04-01";
const dayMs = 86_400_000;
/** `--since 90d` is meant to work, and time goes by between here and Azure. */
const graceMs = 60_000;

export interface ActivityRange {
  /** Events at this instant or later. */
  readonly from: Date;
  /** And those so many milliseconds before, as far as Azure still keeps them. Default: 0. */
  readonly aroundMs?: number;
  /** Events up to this instant. Default: all there are. */
  readonly to?: Date | undefined;
  /** Only events about this resource, by its ARM id, or in this resource group, by its name; not both. */
  readonly resourceId?: string;
  readonly resourceGroup?: string;
}

/**
 * The events of a subscription's activity log, the newest first, in pages as they come; each as Azure's REST API has it
 * (arm-monitor, "Activity Logs - List"). The API filters by time and one other fact at most, of which none is shared by all
 * events of a JIT request: so requests are found only among all events of the time.
 *
 * @throws AzureFailure when `from` is before what Azure keeps. @throws ArmError
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
      "Give a later time, or read what was exported: --source workspace or --source archive.",
    );
  }
  const start = new Date(Math.max(from.getTime() - aroundMs, oldest + graceMs));
  const clauses = [
    `eventTimestamp ge '${start.toISOString()}'`,
    ...(to === undefined ? [] : [`eventTimestamp le '${to.toISOString()}'`]),
    ...equals("resourceUri", resourceId),
    ...equals("resourceGroupName", resourceGroup),
  ];
  // Azure's own clients write a space as %20, never as a plus sign.
  const filter = encodeURIComponent(clauses.join(" and "));
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values`;
  yield* arm.listOf({ method: "GET", path: `${path}?api-version=${apiVersion}&$filter=${filter}` });
}

function equals(fact: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${fact} eq '${value.replaceAll("'", "''")}'`];
}
