import { principalName, type Principal } from "../azure/caller.ts";
import type { Activity } from "../audit/activity/types.ts";

type Caller = Pick<Activity, "caller" | "callerName" | "callerApp">;

export function callerPrincipal({ caller, callerName, callerApp }: Caller): Principal {
  const isAccount = caller?.includes("@") === true;
  return {
    account: isAccount ? caller : null,
    name: callerName,
    appId: callerApp,
    objectId: isAccount ? null : caller,
  };
}

/** The name of an activity's caller, as `jit ls` and `doctor` show it. */
export function callerShown(caller: Caller): string | null {
  return principalName(callerPrincipal(caller));
}

/** The name of a caller in evidence: an application's is its client id, because its owner chooses its display name. */
export function callerId(caller: Omit<Caller, "callerName">): string | null {
  return principalName(callerPrincipal({ ...caller, callerName: null }));
}

/** The same for an activity. Defender for Cloud is shown by name, because its object id differs in each tenant. */
export function activityCaller(activity: Caller & Pick<Activity, "origin">): string | null {
  return activity.origin === "jit" ? "Defender for Cloud" : callerShown(activity);
}
