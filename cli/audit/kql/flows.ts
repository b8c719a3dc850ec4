import { kqlDatetime } from "@bastion-trail/core/links/kqlText";
import { flowTable } from "../records/logOf.ts";
import type { Page, QueryRange } from "./auditRecords.ts";
import { hourMs } from "../../time.ts";

/** Columns of `NTANetAnalytics` that are read or shown as evidence (azure-monitor-ref, tables/ntanetanalytics.md). */
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
 * How long after a flow its row may be written, in milliseconds: Traffic Analytics aggregates flows over at most an hour and
 * writes a row up to an hour later (traffic-analytics-schema.md).
 */
export const summedAfterMs = 2 * hourMs;

/** Condition for rows that are flows; the table also has other rows (traffic-analytics-schema.md). */
const flowRows = 'SubType =~ "FlowLog"';

/** Expression for the time at which the flow of a row began, or that of its interval. */
export const flowBegun = "coalesce(FlowStartTime, FlowIntervalStartTime)";

/** Condition for rows that may be a session's connection. */
export const inboundTcpRows = `${flowRows} and FlowDirection startswith "I" and L4Protocol startswith "T"`;

/**
 * Returns a query for inbound TCP flows that Traffic Analytics aggregated, oldest first. The range must be wider than that of
 * the flows.
 */
export function flowsQuery({ range, page }: { readonly range: QueryRange; readonly page: Page }): string {
  const start = page.start > range.start ? page.start : range.start;
  return [
    flowTable,
    `| where TimeGenerated >= ${kqlDatetime(start)} and TimeGenerated < ${kqlDatetime(range.end)}`,
    `| where ${inboundTcpRows}`,
    `| project ${flowColumns.join(", ")}`,
    `| top ${page.rows} by TimeGenerated asc`,
  ].join("\n");
}
