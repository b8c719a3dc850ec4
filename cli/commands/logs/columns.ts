import { sessionFactNames } from "../../audit/fields.ts";
import type { Session } from "../../audit/records/types.ts";
import { shownPerson } from "../../names/person.ts";
import type { Format } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";

/** A session as a row: start, person and VM come first. CSV has all columns; a table shows those that fit. */
export const sessionColumns: readonly Column<Session>[] = [
  { key: "start", type: "time", value: ({ start }) => start },
  { key: "person", value: ({ person }) => person, short: shownPerson, usual: 24 },
  { key: "account", value: ({ account }) => account, leaveOut: 5 },
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName },
  { key: "clientIp", title: "FROM", value: ({ clientIp }) => clientIp, usual: 15, leaveOut: 2 },
  {
    key: "outcome",
    value: ({ outcome }) => outcome,
    colour: ({ outcome }) => (outcome === "failed" ? "red" : outcome === "unknown" ? "yellow" : undefined),
    usual: 9,
    leaveOut: 1,
  },
  {
    key: "state",
    value: ({ state }) => state,
    colour: ({ state }) => (state === "open" ? "green" : undefined),
    usual: 7,
    leaveOut: 3,
  },
  {
    key: "durationSeconds",
    title: "DURATION",
    type: "duration",
    value: (session) => session.durationSeconds,
    leaveOut: 4,
  },
  { key: "tunnelId", title: "TUNNEL", type: "id", value: ({ tunnelId }) => tunnelId, leaveOut: 6 },
  { key: "protocol", value: ({ protocol }) => protocol, usual: 4, leaveOut: 7 },
  { key: "message", type: "prose", value: ({ message }) => message, leaveOut: 8 },
  { key: "end", type: "time", value: ({ end }) => end, leaveOut: 9 },
  { key: "vmIp", title: "VM IP", value: ({ vmIp }) => vmIp, usual: 15, leaveOut: 10 },
];

/** Columns of CSV that a table leaves out. */
const furtherColumns: readonly Column<Session>[] = [
  { key: "vmName", value: ({ vmName }) => vmName },
  ...sessionFactNames
    .filter((name) => !sessionColumns.some(({ key }) => key === name))
    .map((key): Column<Session> => ({ key, value: (session) => session[key] })),
  { key: "records", type: "number", value: ({ records }) => records },
];

export function columnsFor(format: Format): readonly Column<Session>[] {
  return format === "csv" ? [...sessionColumns, ...furtherColumns] : sessionColumns;
}
