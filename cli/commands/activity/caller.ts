import { principalName, type Principal } from "../../azure/caller.ts";
import type { Activity } from "../../audit/activity/types.ts";

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

/** The one name of whoever did something, as `jit ls` and `doctor` show it too. */
export function callerShown(caller: Caller): string | null {
  return principalName(callerPrincipal(caller));
}

/** The same for a write of rules. Defender's object id is another one in each tenant. */
export function activityCaller(activity: Caller & Pick<Activity, "origin">): string | null {
  return activity.origin === "jit" ? "Defender for Cloud" : callerShown(activity);
}
