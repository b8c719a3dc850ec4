/** Selects open sessions. */
import { isSamePerson } from "../../audit/records/personName.ts";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";
import { isVm, similarVm } from "../../names/vmName.ts";
import type { LiveSessions } from "./liveSessions.ts";
import type { LiveSession } from "./tunnelLog.ts";

export interface SessionSelection {
  /** The Entra account, or the account on the VM. */
  readonly user?: string | undefined;
  /** Name, `GROUP/NAME` or ARM id. */
  readonly vm?: string | undefined;
  /** Milliseconds. */
  readonly olderThan?: number | undefined;
}

/** The sessions that match all filters. */
export function selected<Live extends LiveSession>(
  sessions: readonly Live[],
  { user, vm, olderThan }: SessionSelection,
  now: Date,
): Live[] {
  return sessions.filter(
    (session) =>
      (user === undefined || isSamePerson(session.person, user) || isSameIgnoringCase(session.account, user)) &&
      (vm === undefined || isVm({ id: session.vm, name: session.vmName }, vm)) &&
      (olderThan === undefined || now.getTime() - Date.parse(session.start) > olderThan),
  );
}

/** Counts the sessions of unknown persons that `--user` left out: any of them may be that person's. */
export function unknownUsers<Live extends LiveSession>(
  sessions: readonly Live[],
  chosen: readonly Live[],
  { user }: SessionSelection,
): number {
  return user === undefined ? 0 : sessions.filter((one) => one.person === null && !chosen.includes(one)).length;
}

/** What is wrong with a VM's name, as a sentence; `undefined` if the VM exists. */
export function vmProblem(name: string | undefined, { sessions, vms }: LiveSessions): string | undefined {
  const known = [...vms, ...sessions.map((session) => ({ id: session.vm, name: session.vmName }))];
  if (name === undefined || known.some((vm) => isVm(vm, name))) {
    return undefined;
  }
  return `VM '${name}' not found. ${similarVm(name, known)}`.trim();
}
