import { eventCaller } from "../audit/activity/eventCaller.ts";
import { activityDays, listActivityEvents } from "../azure/activityEvents.ts";
import type { ArmClient } from "../azure/armClient.ts";
import { isPrincipal, type Principal } from "../azure/caller.ts";
import { AzureFailure } from "../azure/failure.ts";
import type { JitGrant } from "../azure/jitGrants.ts";
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { callerPrincipal } from "../names/activityCaller.ts";
import { checkGuid } from "../azure/identifiers.ts";
import { dayMs, minuteMs } from "../time.ts";

/**
 * Tolerance in milliseconds: a request's event has the time at which Azure accepted it, the policy has its start time.
 */
const aroundMs = 5 * minuteMs;

/**
 * Resolves the requestors for whom Azure's list of requests has only an id. The activity log's event of the request has
 * the name and the ids of its caller. Requestors that the log does not name, or whose events the caller may not read,
 * are left out.
 * @param known principals that need no look-up: the caller, and those already named.
 */
export async function namedRequestors(
  arm: ArmClient,
  grants: readonly JitGrant[],
  known: readonly Principal[],
): Promise<Principal[]> {
  const oldest = arm.now().getTime() - activityDays * dayMs;
  const unnamed = grants.filter(
    ({ requestor, start }) =>
      requestor !== null &&
      checkGuid(requestor) === undefined &&
      !known.some((principal) => isPrincipal(requestor, principal)) &&
      Date.parse(start) - aroundMs > oldest,
  );
  const newest = new Map(
    unnamed.toSorted((a, b) => a.start.localeCompare(b.start)).map((grant) => [grant.requestor?.toLowerCase(), grant]),
  );
  const found = await Promise.all([...newest.values()].map((grant) => callerAt(arm, grant)));
  return found.filter((principal) => principal !== undefined);
}

/** The caller of an event at the time of the request, if it has the requestor's id. */
async function callerAt(arm: ArmClient, { requestor, start, policy }: JitGrant): Promise<Principal | undefined> {
  const { subscriptionId, resourceGroupName } = parseResourceId(policy) ?? {};
  if (requestor === null || subscriptionId === undefined || resourceGroupName === undefined) {
    return undefined;
  }
  const time = Date.parse(start);
  const range = { from: new Date(time - aroundMs), to: new Date(time + aroundMs), resourceGroup: resourceGroupName };
  try {
    for await (const event of listActivityEvents(arm, subscriptionId, range)) {
      const caller = eventCaller(event);
      const principal = { ...callerPrincipal(caller), ...(caller.objectId !== null && { objectId: caller.objectId }) };
      if (isPrincipal(requestor, principal)) return principal;
    }
  } catch (error) {
    // The id alone still identifies the requestor.
    if (!(error instanceof AzureFailure)) throw error;
  }
  return undefined;
}
