/**
 * Queries for the number of rows of a log in a workspace and their first and last times: one row with `Records`, `First` and
 * `Last`.
 */
import { kqlDatetime } from "@bastion-trail/core/links/kqlText";
import { flowTable } from "../records/logOf.ts";
import { recordsOf, type QueryRange } from "./auditRecords.ts";
import type { AuditTable } from "./auditTables.ts";
import { flowRows } from "./flows.ts";

const count = "| summarize Records = count(), First = min(TimeGenerated), Last = max(TimeGenerated)";

/** @param bastion ARM id of a Bastion host, or of a scope that contains it. Default: all hosts. */
export function auditCountQuery(table: AuditTable, range: QueryRange, bastion: string | undefined): string {
  return [...recordsOf(table, range, bastion), "Records", count].join("\n");
}

export function flowCountQuery({ start, end }: QueryRange): string {
  return [
    flowTable,
    `| where TimeGenerated >= ${kqlDatetime(start)} and TimeGenerated < ${kqlDatetime(end)}`,
    `| where ${flowRows}`,
    count,
  ].join("\n");
}
