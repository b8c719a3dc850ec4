import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { auditTableName } from "@bastion-trail/core/links/kql";
import { localTimeIn, membersOf, objectIn, plainOf, textOf, type Members } from "./values.ts";

/** The log that an entry belongs to. */
export interface Log {
  /** `shared`: a table with rows of many resource logs, none of which the row names. */
  readonly kind: "audit" | "activity" | "other" | "shared";
  /** Name of the category or table, as the entry spells it. */
  readonly name: string;
}

/**
 * Categories of the activity log, in the REST form and in the sample of an archive or an event hub, where the kind of the operation
 * is the category (azure-monitor-docs, activity-log-schema.md), and its table.
 */
const activityNames: ReadonlySet<string> = new Set([
  "write",
  "delete",
  "action",
  "administrative",
  "servicehealth",
  "resourcehealth",
  "alert",
  "autoscale",
  "recommendation",
  "security",
  "policy",
  "azureactivity",
]);

/**
 * Category of virtual network flow logs (vnet-flow-logs-overview.md), and table of Traffic Analytics
 * (traffic-analytics-schema.md).
 */
export const flowCategory = "FlowLogFlowEvent";
export const flowTable = "NTANetAnalytics";

/** Metrics in an archive have no category (azure-monitor-docs, essentials/stream-monitoring-data). */
const metrics = "AllMetrics";

/** Names of the time of a log entry, in services, tables and PowerShell. An export may have only that of the flow. */
export const times = ["time", "timegenerated", "eventtimestamp", "flowstarttime", "flowintervalstarttime"] as const;

/** Members that only one log has, in lower case: an exported row may lack the name of its log. */
const telling: readonly { readonly members: readonly string[]; readonly log: Log }[] = [
  {
    members: ["tunnelid", "tunnelid_g", "tunnelid_s", "propertiestunnelid"],
    log: { kind: "audit", name: auditCategory },
  },
  { members: ["eventdataid", "operationnamevalue"], log: { kind: "activity", name: "AzureActivity" } },
  { members: ["flowrecords"], log: { kind: "other", name: flowCategory } },
  { members: ["flowstatus"], log: { kind: "other", name: flowTable } },
  { members: ["metricname"], log: { kind: "other", name: metrics } },
];

/** A table with rows of many categories. */
const sharedTable = "azurediagnostics";

/** Members with the category. The portal's download of the activity log has titles for people as column names. */
const categories = ["category", "categoryvalue", "event category"];

/**
 * Returns the log of an entry, by its category (resource logs, activity log) or its table, else by members that only one log
 * has. Returns `undefined` if none of these identifies it. A value of another log that has no time is not a log entry, so it is
 * `undefined` too.
 */
export function logOf(members: Members): Log | undefined {
  const log = logNamed(members, categories) ?? logOfTable(members);
  const hasTime = times.some((time) => textOf(members.get(time)) !== null);
  return log?.kind === "audit" || hasTime || localTimeIn(members) !== undefined ? log : undefined;
}

/**
 * Returns the log by the table of a row. A table that is not known may hold copies of a known log: search jobs and restored logs
 * have tables of their own, `..._SRCH` and `..._RST`.
 */
function logOfTable(members: Members): Log | undefined {
  const named = logNamed(members, ["type"]);
  if (named !== undefined && named.kind !== "other") {
    return named;
  }
  const told = toldLog(members);
  if (told !== undefined && (told.kind !== "other" || named === undefined)) {
    return told;
  }
  return named?.name.toLowerCase() === sharedTable ? { kind: "shared", name: named.name } : named;
}

function logNamed(members: Members, places: readonly string[]): Log | undefined {
  const name = places.map((member) => textOf(plainOf(members.get(member)))?.trim() ?? "").find((word) => word !== "");
  return name === undefined ? undefined : { kind: kindOf(name), name };
}

/** Returns the kind of the log with this category or table. */
export function kindOf(name: string): "audit" | "activity" | "other" {
  const word = name.toLowerCase();
  const isAudit = word === auditCategory.toLowerCase() || word === auditTableName.toLowerCase();
  // The portal's download of the activity log has spaces: `Resource Health`.
  const isActivity = activityNames.has(word.replaceAll(" ", ""));
  return isAudit ? "audit" : isActivity ? "activity" : "other";
}

function toldLog(members: Members): Log | undefined {
  const properties = membersOf(objectIn(members.get("properties")));
  const has = (member: string): boolean => textOf(members.get(member) ?? properties.get(member)) !== null;
  return telling.find(({ members: names }) => names.some(has))?.log;
}
