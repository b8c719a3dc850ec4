import { principalName } from "../../azure/caller.ts";
import type { Activity } from "../../audit/activity/types.ts";

type Caller = Pick<Activity, "caller" | "callerName" | "callerApp">;

/** The one name of whoever did something, as `jit ls` and `doctor` show it too. */
export function callerShown({ caller, callerName, callerApp }: Caller): string | null {
  const isAccount = caller?.includes("@") === true;
  return principalName({
    account: isAccount ? caller : null,
    name: callerName,
    appId: callerApp,
    objectId: isAccount ? null : caller,
  });
}

/** The same for a write of rules. Defender's object id is another one in each tenant. */
export function activityCaller(activity: Caller & Pick<Activity, "origin">): string | null {
  return activity.origin === "jit" ? "Defender for Cloud" : callerShown(activity);
}
