/**
 * Queries for the number of rows of a log in a workspace and their first and last times: rows with `Records`, `First` and
 * `Last`.
 */
import { kqlDatetime, kqlString } from "@bastion-trail/core/links/kqlText";
import { flowTable } from "../records/logOf.ts";
import { recordsOf, type QueryRange } from "./auditRecords.ts";
import type { AuditTable } from "./auditTables.ts";
import { flowBegun, inboundTcpRows } from "./flows.ts";

const countBy = (time: string): string => `| summarize Records = count(), First = min(${time}), Last = max(${time})`;

/** @param bastion ARM id of a Bastion host, or of a scope that contains it. Default: all hosts. */
export function auditCountQuery(table: AuditTable, range: QueryRange, bastion: string | undefined): string {
  return [...recordsOf(table, range, bastion), "Records", countBy("TimeGenerated")].join("\n");
}

export function flowCountQuery({ start, end }: QueryRange): string {
  return [
    flowTable,
    `| where TimeGenerated >= ${kqlDatetime(start)} and TimeGenerated < ${kqlDatetime(end)}`,
    `| where ${inboundTcpRows}`,
    countBy(flowBegun),
  ].join("\n");
}

/**
 * Counts the events of all operations: only these show which times of the activity log were read.
 * @returns a query with a row for each subscription, with its `Subscription` in lower case.
 */
export function activityCountQuery({ start, end }: QueryRange, subscriptionId: string | undefined): string {
  return [
    "AzureActivity",
    `| where TimeGenerated >= ${kqlDatetime(start)} and TimeGenerated < ${kqlDatetime(end)}`,
    ...(subscriptionId === undefined ? [] : [`| where SubscriptionId =~ ${kqlString(subscriptionId)}`]),
    `${countBy("TimeGenerated")} by Subscription = tolower(SubscriptionId)`,
  ].join("\n");
}
