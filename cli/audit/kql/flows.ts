import { kqlDatetime } from "@bastion-trail/core/links/kqlText";
import { flowTable } from "../flows/flowsIn.ts";
import type { Page, TimeRange } from "./auditRecords.ts";

/** Columns of `NTANetAnalytics` that are read (azure-monitor-ref, tables/ntanetanalytics.md). */
export const flowColumns = [
  "TimeGenerated",
  "SubType",
  "FlowIntervalStartTime",
  "FlowIntervalEndTime",
  "FlowStartTime",
  "FlowEndTime",
  "SrcIp",
  "DestIp",
  "DestPort",
  "L4Protocol",
  "FlowDirection",
  "FlowStatus",
  "AclGroup",
  "AclRule",
  "AllowedInFlows",
  "CompletedFlows",
  "BytesSrcToDest",
  "BytesDestToSrc",
] as const;

/**
 * Inbound TCP flows that Traffic Analytics summed up, oldest first. A row is written up to an hour after its interval
 * (traffic-analytics-schema.md), so the range is wider than the flows that it is for.
 */
export function flowsQuery({ range, page }: { readonly range: TimeRange; readonly page: Page }): string {
  const start = page.start > range.start ? page.start : range.start;
  return [
    flowTable,
    `| where TimeGenerated >= ${kqlDatetime(start)} and TimeGenerated < ${kqlDatetime(range.end)}`,
    '| where SubType =~ "FlowLog" and FlowDirection startswith "I" and L4Protocol startswith "T"',
    `| project ${flowColumns.join(", ")}`,
    `| top ${page.rows} by TimeGenerated asc`,
  ].join("\n");
}
