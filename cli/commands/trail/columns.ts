import type { TrailRow, Verdict } from "../../audit/trail/types.ts";
import { shownPerson } from "../../names/person.ts";
import type { Column } from "../../reporters/rows.ts";
import type { Colour } from "../../reporters/style.ts";

const colours: Readonly<Record<Verdict, Colour>> = {
  granted: "green",
  unverified: "yellow",
  borrowed: "red",
  bypassed: "red",
  ungranted: "red",
  unknown: "yellow",
};

/** A session as a row: start, person, VM and verdict come first. */
export const trailColumns: readonly Column<TrailRow>[] = [
  { key: "start", type: "time", value: ({ start }) => start },
  { key: "person", value: ({ person }) => person, short: shownPerson, usual: 24 },
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName },
  {
    key: "verdict",
    value: ({ verdict }) => verdict,
    short: shownVerdict,
    colour: ({ verdict, accepted }) => (accepted === null ? colours[verdict] : undefined),
  },
  { key: "link", value: ({ link }) => link, leaveOut: 3 },
  { key: "requestedBy", title: "REQUESTED BY", value: ({ request }) => request?.by, leaveOut: 4 },
  { key: "reason", type: "prose", value: ({ request }) => request?.reason, leaveOut: 5 },
  { key: "rule", value: ({ rule }) => rule?.name, short: shownRule, leaveOut: 6 },
  { key: "flags", value: ({ flags }) => flags.join(" "), leaveOut: 7 },
  { key: "durationSeconds", title: "DURATION", type: "duration", value: (row) => row.durationSeconds, leaveOut: 8 },
  { key: "clientIp", title: "FROM", value: ({ clientIp }) => clientIp, leaveOut: 9 },
  { key: "id", title: "SESSION", type: "id", value: ({ id }) => id, leaveOut: 2 },
];

/** Columns of CSV that a table leaves out. */
const furtherColumns: readonly Column<TrailRow>[] = [
  { key: "tunnelId", value: ({ tunnelId }) => tunnelId },
  { key: "end", value: ({ end }) => end },
  { key: "state", value: ({ state }) => state },
  { key: "vmName", value: ({ vmName }) => vmName },
  { key: "vmIp", value: ({ vmIp }) => vmIp },
  { key: "protocol", value: ({ protocol }) => protocol },
  { key: "port", type: "number", value: ({ port }) => port },
  { key: "account", value: ({ account }) => account },
  { key: "outcome", value: ({ outcome }) => outcome },
  { key: "because", value: ({ because }) => because },
  { key: "requestId", value: ({ request }) => request?.id },
  { key: "requestAt", value: ({ request }) => request?.at },
  { key: "requestUntil", value: ({ request }) => request?.until },
  { key: "requestEndedBy", value: ({ request }) => request?.endedBy },
  { key: "correlationId", value: ({ request }) => request?.correlationId },
  { key: "rulePriority", type: "number", value: ({ rule }) => rule?.priority },
  { key: "ruleAuthor", value: ({ rule }) => rule?.author },
  { key: "ruleSources", value: ({ rule }) => rule?.sources.join("; ") },
  { key: "rulePorts", value: ({ rule }) => rule?.ports.join("; ") },
  {
    key: "candidates",
    value: ({ candidates }) => candidates.map(({ request, rule }) => request?.id ?? rule?.name).join("; "),
  },
  { key: "bytes", type: "number", value: ({ bytes }) => bytes },
  { key: "accepted", value: ({ accepted }) => accepted?.reason },
  { key: "acceptedOwner", value: ({ accepted }) => accepted?.owner },
  { key: "acceptedUntil", value: ({ accepted }) => accepted?.expires },
];

export const csvColumns: readonly Column<TrailRow>[] = [...trailColumns, ...furtherColumns];

function shownVerdict({ verdict, accepted }: TrailRow): string {
  return accepted === null ? verdict : `${verdict} (accepted)`;
}

/** The names of Defender's rules are long and hard to tell apart, so they are shown as `JIT`. */
function shownRule({ rule }: TrailRow): string | null {
  if (rule === null) return null;
  return rule.author === "Defender for Cloud" ? "JIT" : rule.name;
}
