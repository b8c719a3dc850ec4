/** Which of the live sessions are meant. */
import { isSameId } from "../../azure/read.ts";
import type { LiveSession } from "./tunnelLog.ts";

export interface SessionSelection {
  /** The Entra account, or the account on the VM. */
  readonly user?: string | undefined;
  /** Name or ARM id. */
  readonly vm?: string | undefined;
  /** Milliseconds. */
  readonly olderThan?: number | undefined;
}

/** The sessions that fit everything that is said. */
export function selected<Live extends LiveSession>(
  sessions: readonly Live[],
  { user, vm, olderThan }: SessionSelection,
  now: Date,
): Live[] {
  return sessions.filter(
    (session) =>
      (user === undefined || [session.person, session.account].some((name) => isNamed(name, user))) &&
      (vm === undefined || [session.vm, session.vmName].some((name) => isNamed(name, vm))) &&
      (olderThan === undefined || now.getTime() - Date.parse(session.start) > olderThan),
  );
}

function isNamed(name: string | null, wanted: string): boolean {
  return name !== null && isSameId(name, wanted);
}
