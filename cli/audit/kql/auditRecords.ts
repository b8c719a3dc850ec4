import { sessionsRule } from "@bastion-trail/core/kql/sessionsRule";
import { kqlDatetime, kqlString } from "@bastion-trail/core/links/kqlText";
import type { SessionFilter } from "../records/types.ts";
import { queriedFields, type AuditTable } from "./auditTables.ts";

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
 * A filter looks at sessions, of which any record may hold a fact (the record of an end may name nobody). So the query makes
 * sessions of the records, by the rule that the link to the audit log has too, and answers all records of those that the filter may
 * want. What it answers is what the filter wants or a little more, never less; the fold decides.
 */
export function auditRecordsQuery({ table, range, filter, page }: AuditRecordsQuery): string {
  const { from, to, outcome, bastion } = filter;
  const records = recordsOf(table, range, bastion);
  const read = [`| where TimeGenerated >= ${kqlDatetime(page.start)}`, `| top ${page.rows} by TimeGenerated asc`];
  const ofSession = [
    ...(from === undefined ? [] : [`isnull(End) or End >= ${kqlDatetime(from)} or Last >= ${kqlDatetime(from)}`]),
    ...(to === undefined ? [] : [`Start < ${kqlDatetime(to)}`]),
    ...(outcome === undefined ? [] : [`Outcome == ${kqlString(outcome)}`]),
  ];
  const wanted = [
    ...(ofSession.length === 0 ? [] : [["Sessions", ...ofSession.map((one) => `| where ${one}`)]]),
    ...recordFacts(filter).map((fact) => ["Told", `| where ${fact}`]),
  ];
  if (wanted.length === 0) return [...records, "Records", ...read].join("\n");
  const name = (index: number): string => `Wanted${index + 1}`;
  return [
    ...records,
    sessionsRule(),
    ...wanted.map((lines, index) => `let ${name(index)} = ${[...lines, "| project Session;"].join("\n    ")}`),
    "Told",
    ...wanted.map((_, index) => `| where Session in (${name(index)})`),
    ...read,
  ].join("\n");
}

/**
 * `Records`, in front of what asks it: those of a table, with the columns of the dedicated one.
 * @param bastion ARM id of a Bastion host, or of what it is in. Default: every host.
 */
export function recordsOf(table: AuditTable, range: TimeRange, bastion: string | undefined): string[] {
  return [
    `let Records = ${table.name}`,
    `    | where TimeGenerated >= ${kqlDatetime(range.start)} and TimeGenerated < ${kqlDatetime(range.end)}`,
    ...table.conditions.map((condition) => `    | where ${condition}`),
    ...(bastion === undefined ? [] : [`    | where ${isWithin(table.valueOf("bastionId"), bastion)}`]),
    `    | project TimeGenerated, ${queriedFields.map(({ name, column }) => renamed(column, table.valueOf(name))).join(", ")};`,
  ];
}

function renamed(column: string, value: string): string {
  return column === value ? column : `${column} = ${value}`;
}

/** Whether a column has an ARM id, or the id of something in it. */
function isWithin(column: string, id: string): string {
  return `(${column} =~ ${kqlString(id)} or ${column} startswith ${kqlString(`${id}/`)})`;
}

/** For each fact that the filter asks for, the condition that a record holds it. */
function recordFacts({ user, vm, ip, protocol, tunnel }: SessionFilter): string[] {
  return [
    ...(user === undefined ? [] : [`UserEmail =~ ${kqlString(user)} or UserName =~ ${kqlString(user)}`]),
    ...(vm === undefined ? [] : [vmFact(vm)]),
    ...(ip === undefined ? [] : [addressFact(ip)]),
    ...(protocol === undefined ? [] : [`Protocol =~ ${kqlString(protocol)}`]),
    ...(tunnel === undefined ? [] : [`TunnelId startswith ${kqlString(tunnel)}`]),
  ];
}

/** A VM's ARM id or name. An instance of a scale set has a number for a name; Azure calls it by both, `web_3`. */
function vmFact(vm: string): string {
  const endsWith = (name: string): string => `TargetResourceId endswith ${kqlString(`/${name}`)}`;
  if (vm.includes("/")) return `TargetResourceId =~ ${kqlString(vm)}`;
  const [, scaleSet, instance] = /^(.+)_([^_]+)$/.exec(vm) ?? [];
  if (scaleSet === undefined || instance === undefined) return endsWith(vm);
  const inScaleSet = `TargetResourceId contains ${kqlString(`/virtualMachineScaleSets/${scaleSet}/`)}`;
  return `${endsWith(vm)} or (${inScaleSet} and ${endsWith(instance)})`;
}

/** Addresses are compared as such, since an IPv6 address has several spellings; what is none matches nothing. */
function addressFact(ip: string): string {
  const value = kqlString(ip);
  if (!ip.includes(":")) return `ipv4_is_match(ClientIpAddress, ${value})`;
  if (!ip.includes("/")) return `ipv6_is_match(ClientIpAddress, ${value})`;
  // Not every engine takes a text that is no address here.
  const isIpv6 = 'ClientIpAddress contains ":"';
  return `(${isIpv6} and ipv6_is_in_range(iff(${isIpv6}, ClientIpAddress, "::"), ${value}))`;
}
