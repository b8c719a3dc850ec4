/**
 * The trail as one query for Log Analytics. The query contains only requests and rules, and no session has to leave the
 * workspace.
 */
import { sessionsRule } from "@bastion-trail/core/kql/sessionsRule";
import { kqlDatetime, kqlString } from "@bastion-trail/core/links/kqlText";
import { flowTable } from "../records/logOf.ts";
import { flowBegun, inboundTcpRows, summedAfterMs } from "../kql/flows.ts";
import { recordsOf, type QueryRange } from "../kql/auditRecords.ts";
import type { AuditTable } from "../kql/auditTables.ts";
import { joinSettings, trailQuery } from "./joinTrail.ts";
import { relations, type RelationName, type RowOf } from "./relations.ts";
import type { AccessRows } from "./trail.ts";

export interface WorkspaceTrail {
  /** The relations from the activity log and the settings. */
  readonly rows: AccessRows;
  readonly range: QueryRange;
  readonly skewMs: number;
  /** The current time, until which an open session counts as seen. */
  readonly now: Date;
  /** End of the time range that was asked for. If it is past, no session is known to be open. Default: now. */
  readonly to?: Date | undefined;
  /** ARM id of a Bastion host, or of a scope that contains it. Default: all hosts. */
  readonly bastion?: string | undefined;
  /** The table with the audit records. */
  readonly table: AuditTable;
  /** Whether the workspace has a table of flows: Azure creates it with its first row. */
  readonly hasFlows: boolean;
}

export function workspaceQuery({ rows, range, skewMs, now, to, bastion, table, hasFlows }: WorkspaceTrail): string {
  return [
    ...recordsOf(table, range, bastion),
    sessionsRule(),
    sessionsRelation(now, to !== undefined && to < now),
    hasFlows ? flowsRelation(range) : dataTable("flows", []),
    ...(Object.keys(rows) as (keyof typeof rows & RelationName)[]).map((name) => dataTable(name, rows[name])),
    trailKql(skewMs),
  ].join("\n");
}

/** Returns trail.kql with its settings. @param skewMs how far clocks may differ, in milliseconds. */
export function trailKql(skewMs: number): string {
  const { skew, jitName, provider, guest } = joinSettings(skewMs);
  return [
    `let Skew = ${skew};`,
    `let JitName = ${kqlString(`(?i)${jitName}`)};`,
    `let Provider = ${kqlString(provider)};`,
    `let Guest = ${kqlString(guest)};`,
    trailQuery("kql"),
  ].join("\n");
}

function dataTable<Name extends RelationName>(name: Name, rows: Iterable<RowOf<Name>>): string {
  const columns = Object.entries(relations[name]);
  const values = Array.from(rows as Iterable<Readonly<Record<string, string | number | boolean>>>, (row) =>
    columns.map(([column]) => literal(row[column] ?? "")).join(", "),
  );
  return `let ${name} = datatable(${columns.map(([column, type]) => `${column}: ${type}`).join(", ")}) [\n${values.join(",\n")}\n];`;
}

function literal(value: string | number | boolean): string {
  return typeof value === "string" ? kqlString(value) : String(value);
}

const milliseconds = (time: string): string => `datetime_diff("millisecond", ${time}, datetime(1970-01-01))`;

/** What identifies a session without a tunnel: the same facts as in `sessionRelation.ts`. `AzureDiagnostics` has real numbers. */
const idWithoutTunnel = `strcat(format_datetime(Last, "yyyy-MM-dd"), "T", format_datetime(Last, "HH:mm:ss.fff"), "Z\\n", Vm, "\\n",
        ClientIp, "\\n", tolong(ClientPort), "\\n", Account, "\\n", Person, "\\n", Message)`;

/** `Sessions` in the form of relations.ts. */
function sessionsRelation(now: Date, isOver: boolean): string {
  return `let sessions = Sessions${isOver ? '\n| extend State = iff(State == "open", "unknown", State)' : ""}
| extend Vm = trim_end("/+", Vm), Bastion = trim_end("/+", Bastion)
| extend Tunnel = iff(tolower(TunnelId) == Session, TunnelId, ""), Name = extract("([^/]+)$", 1, Vm),
    ScaleSet = extract("(?i)/virtualMachineScaleSets/([^/]+)/", 1, Vm)
| project Id = iff(isempty(Tunnel), ${idWithoutTunnel}, Session), Tunnel, Start = ${milliseconds("Start")},
    StartTold = not(tolower(trim("[ .]+", Message)) == "successfully disconnected" and isnull(DurationMs) and Start == First),
    Finish = iff(isnull(End), 0, ${milliseconds("coalesce(End, Start)")}),
    Seen = ${milliseconds(`coalesce(End, iff(State == "open", ${kqlDatetime(now)}, Last))`)}, State, Vm,
    VmName = iff(isempty(ScaleSet), Name, strcat(ScaleSet, "_", Name)), VmIp,
    Subscription = tolower(extract("/subscriptions/([^/]+)", 1, tolower(Vm))), Protocol, ClientIp, Person, Account, Outcome, Bastion;`;
}

/** Flows of Traffic Analytics. For an aggregated row, neither the end nor the bytes are those of the whole connection. */
function flowsRelation({ start, end }: QueryRange): string {
  return `let flows = ${flowTable}
| where TimeGenerated >= ${kqlDatetime(start)} and TimeGenerated < ${kqlDatetime(new Date(end.getTime() + summedAfterMs))}
| where ${inboundTcpRows}
| extend Refused = FlowStatus startswith "D", Begun = ${flowBegun}, Named = replace_regex(AclRule, "(?i)^(User|Default)Rule_", "")
| where Refused or coalesce(AllowedInFlows, 1) > 0
| project FlowId = strcat(DestIp, " ", DestPort, " ", SrcIp, " ", Begun), VmIp = DestIp, Port = tolong(DestPort),
    Source = coalesce(parse_ipv4(SrcIp), -1), Start = ${milliseconds("Begun")}, Finish = tolong(0),
    Rule = iff(Named =~ "unspecified", "", Named), Refused, Bytes = tolong(-1),
    Interval = datetime_diff("millisecond", FlowIntervalEndTime, Begun);`;
}
