import { sessionsRule } from "@bastion-trail/core/kql/sessionsRule";
import { kqlDatetime, kqlString } from "@bastion-trail/core/links/kqlText";
import { guestPrefix, homeNames } from "../records/personName.ts";
import type { SessionFilter } from "../records/types.ts";
import { queriedFields, type AuditTable } from "./auditTables.ts";

/** A range of `TimeGenerated`: `start` inclusive, `end` exclusive. */
export interface QueryRange {
  readonly start: Date;
  readonly end: Date;
}

/** One page of a result that is read in the order of `TimeGenerated`. */
export interface Page {
  /** First instant of the page. */
  readonly start: Date;
  /** Maximum number of rows. */
  readonly rows: number;
}

export interface AuditRecordsQuery {
  readonly table: AuditTable;
  /** The time range that is searched. Wider than the filter's range, so that it contains a session's beginning and end. */
  readonly range: QueryRange;
  readonly filter: SessionFilter;
  readonly page: Page;
}

/**
 * Returns a query for all records of all sessions that may match the filter, oldest first.
 *
 * A filter applies to sessions, and any record of a session may hold a fact: the record of the end may name no user. So the
 * query groups records into sessions, by the same rule as the link to the audit log, and returns all records of the sessions
 * that may match. It may return more sessions than the filter wants, but never fewer; the fold applies the filter exactly.
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
 * Returns the definition of `Records` for the start of a query: the records of a table, with the columns of the dedicated
 * table.
 * @param bastion ARM id of a Bastion host, or of a scope that contains it. Default: all hosts.
 */
export function recordsOf(table: AuditTable, range: QueryRange, bastion: string | undefined): string[] {
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

/** Returns a condition that a column has an ARM id, or the id of something inside it. */
function isWithin(column: string, id: string): string {
  return `(${column} =~ ${kqlString(id)} or ${column} startswith ${kqlString(`${id}/`)})`;
}

/** Returns the condition on a record for each fact in the filter. */
function recordFacts({ user, vm, ip, protocol, tunnel }: SessionFilter): string[] {
  return [
    ...(user === undefined ? [] : [userFact(user)]),
    ...(vm === undefined ? [] : [vmFact(vm)]),
    ...(ip === undefined ? [] : [addressFact(ip)]),
    ...(protocol === undefined ? [] : [`Protocol =~ ${kqlString(protocol)}`]),
    ...(tunnel === undefined ? [] : [`TunnelId startswith ${kqlString(tunnel)}`]),
  ];
}

/** Returns a condition on the person, who may be a guest, or on the account on the VM. */
function userFact(user: string): string {
  const isGuest = `UserEmail startswith ${kqlString(guestPrefix(user))}`;
  const isHome = `UserEmail in~ (${homeNames(user).map(kqlString).join(", ")})`;
  return `${isHome} or ${isGuest} or UserName =~ ${kqlString(user)}`;
}

/**
 * Returns a condition on a VM's ARM id, name or `GROUP/NAME`. An instance of a scale set has a number as its name; Azure refers to it by
 * both, `web_3`.
 */
function vmFact(vm: string): string {
  const endsWith = (name: string): string => `TargetResourceId endswith ${kqlString(`/${name}`)}`;
  if (vm.startsWith("/")) return `TargetResourceId =~ ${kqlString(vm)}`;
  const [, group, inGroup] = /^([^/]+)\/(.+)$/.exec(vm) ?? [];
  if (group !== undefined && inGroup !== undefined) {
    return `TargetResourceId contains ${kqlString(`/resourceGroups/${group}/`)} and (${vmFact(inGroup)})`;
  }
  const [, scaleSet, instance] = /^(.+)_([^_]+)$/.exec(vm) ?? [];
  if (scaleSet === undefined || instance === undefined) return endsWith(vm);
  const inScaleSet = `TargetResourceId contains ${kqlString(`/virtualMachineScaleSets/${scaleSet}/`)}`;
  return `${endsWith(vm)} or (${inScaleSet} and ${endsWith(instance)})`;
}

/**
 * Returns a condition on the client address. Addresses are compared by value, because an IPv6 address has several spellings; an
 * invalid address matches nothing.
 */
function addressFact(ip: string): string {
  const value = kqlString(ip);
  if (!ip.includes(":")) return `ipv4_is_match(ClientIpAddress, ${value})`;
  if (!ip.includes("/")) return `ipv6_is_match(ClientIpAddress, ${value})`;
  // Not every engine accepts an invalid address here.
  const isIpv6 = 'ClientIpAddress contains ":"';
  return `(${isIpv6} and ipv6_is_in_range(iff(${isIpv6}, ClientIpAddress, "::"), ${value}))`;
}
