/** The application that writes JIT's rules (azure-docs #122814): the same in every tenant. */
const application = "8edd93e1-2103-40b4-bd70-6e34e586362d";
/** What the activity log calls it. */
const displayName = "windows azure security resource provider";

interface Caller {
  readonly caller: string | null;
  readonly callerName: string | null;
  readonly callerApp: string | null;
}

/**
 * Whether Defender for Cloud made a call. Its client id decides: a token cannot say another one than its own, while anybody
 * can register an application of that name. The name counts only where the log has no client id.
 */
export function isDefender({ caller, callerName, callerApp }: Caller): boolean {
  if (callerApp !== null) {
    return callerApp.toLowerCase() === application;
  }
  return [caller, callerName].some(
    (name) => name?.toLowerCase() === displayName || name?.toLowerCase() === application,
  );
}

/** Whether the log tells who called by the client id of a token, which nobody else can have. */
export function isKnownByClientId({ callerApp }: Pick<Caller, "callerApp">): boolean {
  return callerApp !== null;
}
