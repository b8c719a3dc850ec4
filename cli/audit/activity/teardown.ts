import type { Group } from "./group.ts";
import { meaningOf } from "./operations.ts";
import { groupIdOf } from "./ruleBook.ts";
import { statusOf } from "./status.ts";

/** A deployment deletes a group minutes after its rules; deletions that are further apart are not one teardown. */
const soonMs = 900_000;

/**
 * Returns whether a write deletes a network security group, or a rule whose group the same caller deletes soon after. Azure
 * does not delete a group that an interface or a subnet uses, so nothing is behind it any more.
 * @param later groups of events that began at the same time or later.
 */
export function isTeardown(deletion: Group, later: readonly Group[]): boolean {
  const [event] = deletion.events;
  if (event === undefined || !isDeletion(deletion)) return false;
  if (event.resource?.toLowerCase() === groupIdOf(event.resource)) return true;
  return later.some((group) => {
    const [other] = group.events;
    return (
      other !== undefined &&
      isDeletion(group) &&
      other.resource?.toLowerCase() === groupIdOf(event.resource) &&
      other.caller?.toLowerCase() === event.caller?.toLowerCase() &&
      other.callerApp?.toLowerCase() === event.callerApp?.toLowerCase() &&
      group.first - deletion.first <= soonMs &&
      statusOf(group.events) === "succeeded"
    );
  });
}

function isDeletion({ events }: Group): boolean {
  const [event] = events;
  return event !== undefined && meaningOf(event.operation).action === "delete";
}
