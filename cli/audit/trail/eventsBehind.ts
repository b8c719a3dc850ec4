/** Which events of the activity log are behind a request or a rule: those of its correlation id, and every write of the rule. */
import type { ActivityEvent } from "../activity/types.ts";

/** Returns the correlation ids of an event, in lower case. */
export function correlationsOf({ correlationId, serviceRequestId }: ActivityEvent): string[] {
  return [...new Set([correlationId, serviceRequestId].flatMap((id) => id?.toLowerCase() ?? []))];
}

/** Returns the ARM id of a rule, in lower case: the resource of its writes. @param group ARM id of its network security group. */
export function ruleResource({ group, name }: { readonly group: string; readonly name: string }): string {
  return `${group}/securityRules/${name}`.toLowerCase();
}
