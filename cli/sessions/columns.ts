import type { Column } from "../reporters/report.ts";
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

export const sessionColumns: readonly Column<SessionRow>[] = [
  { key: "sessionId", title: "SESSION", value: ({ sessionId }) => sessionId, whole: true },
  { key: "person", value: ({ person }) => person },
  { key: "account", value: ({ account }) => account, leaveOut: 2 },
  { key: "clientIp", title: "FROM", value: ({ clientIp }) => clientIp },
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName },
  { key: "vmIp", title: "VM IP", value: ({ vmIp }) => vmIp, leaveOut: 4 },
  { key: "protocol", value: ({ protocol }) => protocol, leaveOut: 3 },
  { key: "start", title: "SINCE", type: "time", value: ({ start }) => start, leaveOut: 1 },
  { key: "durationSeconds", title: "FOR", type: "duration", value: ({ durationSeconds }) => durationSeconds },
  {
    key: "log",
    value: ({ log }) => log,
    colour: ({ log }) => (log === "missing" || log === "unread" ? "yellow" : undefined),
  },
];
