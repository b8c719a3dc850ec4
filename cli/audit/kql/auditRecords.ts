import { kqlDatetime, kqlString } from "@bastion-trail/core/links/kqlText";
import type { SessionFilter } from "../records/types.ts";
import { queriedFields, queryColumn, type AuditTable } from "./auditTables.ts";

/** A range of `TimeGenerated`: from `start` on, and before `end`. */
export interface TimeRange {
  readonly start: Date;
  readonly end: Date;
}

/** One page of a result that is read in the order of `TimeGenerated`. */
export interface Page {
  /** First instant of the page. */
  readonly start: Date;
  /** Rows at most. */
  readonly rows: number;
}

export interface AuditRecordsQuery {
  readonly table: AuditTable;
  /** Where records may be. Wider than the filter's range, so that a session's beginning and end are in it. */
  readonly range: TimeRange;
  readonly filter: SessionFilter;
  readonly page: Page;
}

/**
 * Every record of every session that the filter may keep, oldest first.
 *
 * A filter looks at sessions and this query at records, of which only some may hold a fact (the record of an end may name
 * nobody). So it asks which tunnels have a record for each fact, and answers all records of those. What it answers is what
 * the filter wants or a little more, never less; the fold decides.
 */
export function auditRecordsQuery({ table, range, filter, page }: AuditRecordsQuery): string {
  const facts = sessionFacts(filter);
  const bounds = [
    ...(filter.from === undefined ? [] : [`(Last >= ${kqlDatetime(filter.from)} or Ends == 0)`]),
    ...(filter.to === undefined ? [] : [`First < ${kqlDatetime(filter.to)}`]),
  ];
  const counts = facts.map((fact, index) => `Fact${index} = countif(${fact})`);
  const kept = [...bounds, ...facts.map((_, index) => `Fact${index} > 0`)];
  const loose = [
    ...(filter.from === undefined ? [] : [`TimeGenerated >= ${kqlDatetime(filter.from)}`]),
    ...(filter.to === undefined ? [] : [`TimeGenerated < ${kqlDatetime(filter.to)}`]),
    ...facts,
  ];
  const records = [
    `let Records = ${table.name}`,
    `| where TimeGenerated >= ${kqlDatetime(range.start)} and TimeGenerated < ${kqlDatetime(range.end)}`,
    ...table.conditions.map((condition) => `| where ${condition}`),
    ...(filter.bastion === undefined ? [] : [`| where ${isWithin(table.valueOf("bastionId"), filter.bastion)}`]),
    `| project TimeGenerated, ${queriedFields.map((name) => `${queryColumn(name)} = ${table.valueOf(name)}`).join(", ")};`,
  ];
  const read = [`| where TimeGenerated >= ${kqlDatetime(page.start)}`, `| top ${page.rows} by TimeGenerated asc`];
  if (kept.length === 0) return [...records, "Records", ...read].join("\n");
  return [
    ...records,
    "let Tunnels = Records",
    "| where isnotempty(TunnelId)",
    `| summarize ${[
      "First = min(TimeGenerated)",
      "Last = max(TimeGenerated)",
      "Ends = countif(isnotempty(SessionEnd))",
      ...counts,
    ].join(", ")} by TunnelId`,
    `| where ${kept.join(" and ")}`,
    "| project TunnelId;",
    "Records",
    // A record without a tunnel is a session of its own.
    `| where TunnelId in (Tunnels) or (isempty(TunnelId) and ${loose.join(" and ")})`,
    ...read,
  ].join("\n");
}

/** Whether a column has an ARM id, or the id of something in it. */
function isWithin(column: string, id: string): string {
  return `(${column} =~ ${kqlString(id)} or ${column} startswith ${kqlString(`${id}/`)})`;
}

/** For each fact the filter asks for, the condition that a record holds it. */
function sessionFacts({ user, vm, ip, protocol, tunnel, outcome }: SessionFilter): string[] {
  return [
    ...(user === undefined ? [] : [`(Person =~ ${kqlString(user)} or Account =~ ${kqlString(user)})`]),
    ...(vm === undefined
      ? []
      : [
          vm.includes("/")
            ? `TargetResourceId =~ ${kqlString(vm)}`
            : `TargetResourceId endswith ${kqlString(`/${vm}`)}`,
        ]),
    ...(ip === undefined ? [] : [addressFact(ip)]),
    ...(protocol === undefined ? [] : [`Protocol =~ ${kqlString(protocol)}`]),
    ...(tunnel === undefined ? [] : [`TunnelId startswith ${kqlString(tunnel)}`]),
    // "unknown" is what no word tells, so it is left to the fold.
    ...(outcome === undefined || outcome === "unknown" ? [] : [`Message contains ${kqlString(outcomeWords[outcome])}`]),
  ];
}

/** Addresses are compared as such, since an IPv6 address has several spellings; what is none matches nothing. */
function addressFact(ip: string): string {
  const value = kqlString(ip);
  if (!ip.includes(":")) return `ipv4_is_match(ClientIp, ${value})`;
  if (!ip.includes("/")) return `ipv6_is_match(ClientIp, ${value})`;
  // Not every engine takes a text that is no address here.
  const isIpv6 = 'ClientIp contains ":"';
  return `(${isIpv6} and ipv6_is_in_range(iff(${isIpv6}, ClientIp, "::"), ${value}))`;
}

/** A word that every message of the outcome has: "Successfully Connected.", "Login Failed" (azure-docs, "Monitor Azure Bastion"). */
const outcomeWords = { connected: "connect", failed: "fail" } as const;
