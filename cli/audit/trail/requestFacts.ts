/** JIT requests in the activity log, each once. */
import { isRefused } from "../activity/status.ts";
import type { Activity, ActivityVm, RequestLink } from "../activity/types.ts";
import { callerId } from "../../names/activityCaller.ts";
import { homeAccount } from "../records/personName.ts";
import { shortId } from "./shortId.ts";

/** A request, with the VMs for which Azure did not refuse it. */
export interface RequestFacts {
  readonly id: string;
  readonly by: string | null;
  /** As the activity log has it: `by` for a user, the object id of an application. */
  readonly caller: string | null;
  /** Names of the user who made it, in lower case. */
  readonly people: readonly string[];
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly reason: string | null;
  readonly correlationId: string | null;
  readonly callerIp: string | null;
  readonly vms: readonly ActivityVm[];
}

export function requestOf(activity: Activity): RequestFacts | undefined {
  const { time, caller, correlationId, reason, callerIp, acceptedVms, resource } = activity;
  const vms = activity.vms.filter(({ id }) => id !== null && acceptedVms.includes(id));
  if (activity.kind !== "request" || (isRefused(activity.status) && vms.length === 0)) return undefined;
  return {
    id: shortId(correlationId ?? caller, resource ?? activity.vms[0]?.id ?? null, time),
    by: callerId(activity),
    caller,
    people: namesOf(activity),
    at: time,
    reason,
    correlationId,
    callerIp,
    vms,
  };
}

/** Returns the key by which a write of rules refers to its request. */
export function requestKey({
  time,
  correlationId,
  caller,
}: Pick<RequestLink, "time" | "correlationId" | "caller">): string {
  return [time, correlationId, caller].join("\n").toLowerCase();
}

/** Returns the caller's names and, for a guest, the account in the home tenant; in lower case. */
function namesOf({ callerNames }: Pick<Activity, "callerNames">): string[] {
  return [...new Set(callerNames.flatMap((name) => [name.toLowerCase(), homeAccount(name)]))];
}
