import { kqlDatetime } from "@bastion-trail/core/links/kqlText";
import { flowTable } from "../records/logOf.ts";
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

/** Traffic Analytics sums flows up for an hour at the most, and writes a row up to an hour later (traffic-analytics-schema.md). */
export const summedAfterMs = 2 * 3_600_000;

/** Rows that are flows; the table has others besides (traffic-analytics-schema.md). */
export const flowRows = 'SubType =~ "FlowLog"';

/** Rows of what could be a session's connection. */
export const inboundTcpRows = `${flowRows} and FlowDirection startswith "I" and L4Protocol startswith "T"`;

/** Inbound TCP flows that Traffic Analytics summed up, oldest first. The range must be wider than the flows that it is for. */
export function flowsQuery({ range, page }: { readonly range: TimeRange; readonly page: Page }): string {
  const start = page.start > range.start ? page.start : range.start;
  return [
    flowTable,
    `| where TimeGenerated >= ${kqlDatetime(start)} and TimeGenerated < ${kqlDatetime(range.end)}`,
    `| where ${inboundTcpRows}`,
    `| project ${flowColumns.join(", ")}`,
    `| top ${page.rows} by TimeGenerated asc`,
  ].join("\n");
}
