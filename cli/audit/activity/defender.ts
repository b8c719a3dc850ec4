/** Client id of the application that writes JIT's rules, the same in every tenant (azure-docs #122814). */
const application = "8edd93e1-2103-40b4-bd70-6e34e586362d";
/** Its display name in the activity log. */
const displayName = "windows azure security resource provider";

interface Caller {
  readonly caller: string | null;
  readonly callerName: string | null;
  readonly callerApp: string | null;
}

/**
 * Returns whether Defender for Cloud made a call. The client id decides: a token cannot carry another application's id, while
 * anyone can register an application with Defender's name. The name is used only if the log has no client id.
 */
export function isDefender({ caller, callerName, callerApp }: Caller): boolean {
  if (callerApp !== null) {
    return callerApp.toLowerCase() === application;
  }
  return [caller, callerName].some(
    (name) => name?.toLowerCase() === displayName || name?.toLowerCase() === application,
  );
}

/** Returns whether the log identifies the caller by the client id of a token, which nobody else can have. */
export function isKnownByClientId({ callerApp }: Pick<Caller, "callerApp">): boolean {
  return callerApp !== null;
}
