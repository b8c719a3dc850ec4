import assert from "node:assert/strict";
import { logOf } from "../../../../cli/audit/records/logOf.ts";
import { membersOf } from "../../../../cli/audit/records/values.ts";

const time = "2026-05-04T10:00:00Z";

describe("the log of an entry", () => {
  const entries: [says: string, entry: Record<string, unknown>, kind: string | undefined, name?: string][] = [
    ["its category", { time, category: "BastionAuditLogs" }, "audit", "BastionAuditLogs"],
    ["its category, whatever is around it", { time, category: " BastionAuditLogs\t" }, "audit", "BastionAuditLogs"],
    ["its category as PowerShell writes it", { time, Category: { Value: "Policy" } }, "activity", "Policy"],
    [
      "the kind of its operation, as an archive may have it",
      { time, category: "Write", operationName: "MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/WRITE" },
      "activity",
      "Write",
    ],
    [
      "its category on the portal's page",
      { Time: time, "Event category": "Resource Health" },
      "activity",
      "Resource Health",
    ],
    [
      "its table, where its time is local",
      { "TimeGenerated [Local Time]": "x", Type: "Heartbeat" },
      "other",
      "Heartbeat",
    ],
    ["its table", { TimeGenerated: time, Type: "AzureActivity" }, "activity", "AzureActivity"],
    ["a table that is not known", { TimeGenerated: time, Type: "Heartbeat" }, "other", "Heartbeat"],
    [
      "a tunnel in a table of restored logs",
      { TimeGenerated: time, TunnelId: "t", Type: "May_RST" },
      "audit",
      "BastionAuditLogs",
    ],
    [
      "an event's operation in a table of found logs",
      { TimeGenerated: time, OperationNameValue: "A/WRITE", Type: "May_SRCH" },
      "activity",
      "AzureActivity",
    ],
    ["a metric of a table", { TimeGenerated: time, MetricName: "m", Type: "AzureMetrics" }, "other", "AzureMetrics"],
    [
      "a tunnel in a table of many logs",
      { TimeGenerated: time, tunnelId_g: "t", Type: "AzureDiagnostics" },
      "audit",
      "BastionAuditLogs",
    ],
    ["a table of many logs alone", { TimeGenerated: time, Type: "AzureDiagnostics" }, "shared", "AzureDiagnostics"],
    ["a tunnel", { TimeGenerated: time, TunnelId: "t" }, "audit", "BastionAuditLogs"],
    ["a tunnel in a column of AzureDiagnostics", { TimeGenerated: time, tunnelId_g: "t" }, "audit", "BastionAuditLogs"],
    ["a tunnel among its properties", { time, properties: { tunnelId: "t" } }, "audit", "BastionAuditLogs"],
    ["an event's id", { eventTimestamp: time, eventDataId: "e" }, "activity", "AzureActivity"],
    ["an event's operation", { TimeGenerated: time, OperationNameValue: "A/WRITE" }, "activity", "AzureActivity"],
    ["flows", { time, flowRecords: { flows: [] } }, "other", "FlowLogFlowEvent"],
    ["the status of a flow", { TimeGenerated: time, FlowStatus: "Allowed" }, "other", "NTANetAnalytics"],
    [
      "the status of a flow, of which an export has only its own time",
      { FlowStartTime: time, FlowStatus: "Allowed" },
      "other",
      "NTANetAnalytics",
    ],
    [
      "the status of a flow and its interval",
      { FlowIntervalStartTime: time, FlowStatus: "Denied" },
      "other",
      "NTANetAnalytics",
    ],
    ["a metric", { time, metricName: "sessions" }, "other", "AllMetrics"],
    ["nothing", { time, operationName: "Microsoft.Network/BastionHost/connect" }, undefined],
    ["no time", { category: "Administrative", eventDataId: "e" }, undefined],
  ];
  for (const [says, entry, kind, name] of entries) {
    it(`is told by ${says}: ${kind ?? "none"}`, () => {
      assert.deepEqual(logOf(membersOf(entry)), kind && { kind, name });
    });
  }
});
