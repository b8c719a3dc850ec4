import { shownPerson } from "../../names/person.ts";
import type { Column } from "../../reporters/rows.ts";
import type { LiveSession } from "./tunnelLog.ts";

export interface SessionRow extends LiveSession {
  readonly durationSeconds: number;
}

export function rowsAt(sessions: readonly LiveSession[], now: Date): SessionRow[] {
  return sessions.map((session) => ({
    ...session,
    durationSeconds: Math.max(0, Math.round((now.getTime() - Date.parse(session.start)) / 1000)),
  }));
}

/** A session as a row: start, person and VM come first; the id is for `sessions kill`. */
export const sessionColumns: readonly Column<SessionRow>[] = [
  { key: "start", title: "SINCE", type: "time", value: ({ start }) => start, leaveOut: 2 },
  { key: "durationSeconds", title: "FOR", type: "duration", value: ({ durationSeconds }) => durationSeconds },
  { key: "person", value: ({ person }) => person, short: shownPerson },
  { key: "account", value: ({ account }) => account, leaveOut: 3 },
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName },
  { key: "clientIp", title: "FROM", value: ({ clientIp }) => clientIp, leaveOut: 1 },
  { key: "sessionId", title: "SESSION", type: "id", value: ({ sessionId }) => sessionId },
  {
    key: "log",
    value: ({ log }) => log,
    colour: ({ log }) => (log === "missing" || log === "unread" ? "yellow" : undefined),
    leaveOut: 4,
  },
  { key: "protocol", value: ({ protocol }) => protocol, leaveOut: 5 },
  { key: "vmIp", title: "VM IP", value: ({ vmIp }) => vmIp, leaveOut: 6 },
];
