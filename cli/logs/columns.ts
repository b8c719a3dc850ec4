import type { Session } from "../../audit/records/types.ts";
import type { Column } from "../reporters/report.ts";

/** A session as a row. CSV has all columns; a table shows those that fit. */
export const sessionColumns: readonly Column<Session>[] = [
  { key: "start", type: "time", value: ({ start }) => start },
  { key: "end", type: "time", value: ({ end }) => end, leaveOut: 6 },
  {
    key: "durationSeconds",
    title: "DURATION",
    type: "duration",
    value: (session) => session.durationSeconds,
    leaveOut: 2,
  },
  { key: "state", value: ({ state }) => state, colour: ({ state }) => (state === "open" ? "green" : undefined) },
  {
    key: "outcome",
    value: ({ outcome }) => outcome,
    colour: ({ outcome }) => (outcome === "failed" ? "red" : outcome === "unknown" ? "yellow" : undefined),
  },
  { key: "person", value: ({ person }) => person },
  { key: "account", value: ({ account }) => account, leaveOut: 1 },
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName },
  { key: "vmIp", title: "VM IP", value: ({ vmIp }) => vmIp, leaveOut: 7 },
  { key: "protocol", value: ({ protocol }) => protocol, leaveOut: 3 },
  { key: "clientIp", title: "FROM", value: ({ clientIp }) => clientIp },
  { key: "tunnelId", title: "TUNNEL", value: ({ tunnelId }) => tunnelId, leaveOut: 4 },
  { key: "message", value: ({ message }) => message, leaveOut: 5 },
];

/** What a table has no use for. */
const furtherColumns: readonly Column<Session>[] = [
  { key: "vmName", value: ({ vmName }) => vmName },
  { key: "clientPort", type: "number", value: ({ clientPort }) => clientPort },
  { key: "userAgent", value: ({ userAgent }) => userAgent },
  { key: "bastion", value: ({ bastion }) => bastion },
  { key: "region", value: ({ region }) => region },
  { key: "records", type: "number", value: ({ records }) => records },
];

export function columnsFor(format: "table" | "csv" | "json"): readonly Column<Session>[] {
  return format === "csv" ? [...sessionColumns, ...furtherColumns] : sessionColumns;
}
