import { isOpening } from "../../audit/activity/activityOf.ts";
import { isRefused } from "../../audit/activity/status.ts";
import type { Activity, WrittenRule } from "../../audit/activity/types.ts";
import type { ActivityKindName } from "./options.ts";
import type { Format } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import type { Colour } from "../../reporters/style.ts";
import { activityCaller } from "../../names/activityCaller.ts";

const origins: Partial<Record<string, Colour>> = { jit: "green", outside: "yellow", unclear: "yellow" };

/** An activity as a row: time, caller and VM come first. CSV has all columns; a table shows those that fit. */
export const activityColumns: readonly Column<Activity>[] = [
  { key: "time", type: "time", value: ({ time }) => time },
  { key: "caller", title: "WHO", value: ({ caller }) => caller, short: activityCaller },
  { key: "vms", title: "VM", value: ({ vms }) => vms.map(({ id, name }) => id ?? name).join("; "), short: namesOf },
  { key: "kind", value: ({ kind, action }) => (kind === "request" ? kind : `${kind} ${action}`) },
  { key: "ports", value: (activity) => portsOf(activity).join(", ") },
  { key: "reason", type: "prose", value: ({ reason, error }) => reason ?? error, leaveOut: 2 },
  {
    key: "origin",
    title: "BY",
    value: ({ origin }) => origin,
    colour: ({ origin, opens }) =>
      opens === true && (origin === "outside" || origin === "unclear") ? "red" : origins[origin ?? ""],
    leaveOut: 1,
  },
  {
    key: "status",
    value: ({ status }) => status,
    colour: ({ status }) => (isRefused(status) ? "red" : undefined),
    leaveOut: 3,
  },
  { key: "durationSeconds", title: "FOR", type: "duration", value: lengthOf, leaveOut: 4 },
  { key: "until", type: "time", value: untilOf, leaveOut: 9 },
  { key: "opens", value: ({ opens }) => (opens === null ? null : opens ? "yes" : "no"), leaveOut: 5 },
  { key: "beyond", type: "prose", value: ({ beyond }) => beyond?.join("; "), leaveOut: 6 },
  { key: "sources", title: "FROM", value: (activity) => sourcesOf(activity).join(", "), leaveOut: 7 },
  { key: "resource", value: ({ resource }) => resource, short: placeOf, leaveOut: 8 },
  { key: "callerIp", title: "IP", value: ({ callerIp }) => callerIp, leaveOut: 10 },
  { key: "correlationId", title: "CORRELATION", type: "id", value: ({ correlationId }) => correlationId, leaveOut: 11 },
];

/** Columns of CSV that a table leaves out. */
const furtherColumns: readonly Column<Activity>[] = [
  { key: "lastTime", value: ({ lastTime }) => lastTime },
  { key: "error", value: ({ error }) => error },
  { key: "callerName", value: ({ callerName }) => callerName },
  { key: "callerApp", value: ({ callerApp }) => callerApp },
  { key: "originBy", value: ({ originBy }) => originBy },
  { key: "rules", value: ({ rules }) => rules?.flatMap(({ name }) => name ?? []).join("; ") },
  { key: "removed", value: ({ removed }) => removed.flatMap(({ name }) => name ?? []).join("; ") },
  { key: "requestCorrelationId", value: ({ request }) => request?.correlationId },
  { key: "requestTime", value: ({ request }) => request?.time },
  { key: "requestCaller", value: ({ request }) => request?.caller },
  { key: "operationIds", value: ({ operationIds }) => operationIds.join("; ") },
  { key: "events", type: "number", value: ({ events }) => events },
];

/**
 * @param only for `requests`, a table leaves out the columns that have the same value in every row or apply to rules
 *   only.
 */
export function columnsFor(format: Format, only: ActivityKindName | undefined): readonly Column<Activity>[] {
  if (format === "csv") return [...activityColumns, ...furtherColumns];
  const ofOthers = ["kind", "origin", "opens", "beyond"];
  return only === "requests" ? activityColumns.filter(({ key }) => !ofOthers.includes(key)) : activityColumns;
}

function namesOf({ vms }: Activity): string {
  return vms.map(({ name }) => name).join(", ");
}

/** The ports of a request. For a rule write, the ports it opens, or those it names if it opens none. */
function portsOf(activity: Activity): string[] {
  const asked = activity.vms.flatMap(({ ports }) => ports.map(({ number }) => String(number)));
  return distinct(activity.kind === "request" ? asked : told(activity).flatMap(({ ports }) => ports));
}

function sourcesOf(activity: Activity): string[] {
  const asked = activity.vms.flatMap(({ ports }) => ports.flatMap(({ source }) => source ?? []));
  return distinct(activity.kind === "request" ? asked : told(activity).flatMap(({ sources }) => sources));
}

function told({ rules, removed }: Activity): readonly WrittenRule[] {
  const opening = (rules ?? []).filter(isOpening);
  const changed = rules === null || rules.length === 0 ? removed : rules;
  return opening.length > 0 ? opening : changed;
}

function untilOf({ kind, vms }: Activity): string | null {
  const ends = vms.flatMap(({ ports }) => ports.flatMap(({ until }) => until ?? []));
  return kind === "request" ? (ends.sort().at(-1) ?? null) : null;
}

/** The longest requested duration, in seconds. */
function lengthOf({ kind, vms }: Activity): number | null {
  const lengths = vms.flatMap(({ ports }) => ports.flatMap(({ durationSeconds }) => durationSeconds ?? []));
  return kind === "request" && lengths.length > 0 ? Math.max(...lengths) : null;
}

/** `web-nsg/AllowSsh`, or the name of the resource. */
function placeOf({ resource }: Activity): string | null {
  const segments = resource?.split("/") ?? [];
  const isRule = /^securityRules$/i.test(segments.at(-2) ?? "");
  return isRule ? `${segments.at(-3) ?? ""}/${segments.at(-1) ?? ""}` : (segments.at(-1) ?? null);
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
