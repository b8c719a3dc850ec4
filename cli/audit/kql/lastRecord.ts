import { kqlDatetime, kqlString } from "@bastion-trail/core/links/kqlText";
import type { QueryRange } from "./auditRecords.ts";
import type { AuditTable } from "./auditTables.ts";

/** Returns a query for the time of a Bastion host's newest audit record: one row with `TimeGenerated`, or none. */
export function lastRecordQuery(table: AuditTable, range: QueryRange, bastionId: string): string {
  return [
    table.name,
    `| where TimeGenerated >= ${kqlDatetime(range.start)} and TimeGenerated < ${kqlDatetime(range.end)}`,
    ...table.conditions.map((condition) => `| where ${condition}`),
    `| where _ResourceId =~ ${kqlString(bastionId)}`,
    "| top 1 by TimeGenerated desc",
    "| project TimeGenerated",
  ].join("\n");
}
