import type { AuditField } from "../../kql/auditTables.ts";
import type { AuditRecord } from "../../records/types.ts";
import type { Row } from "./pages.ts";

/** A row of `auditRecordsQuery` as a record. An empty text is an absent fact: a workspace has no null text. */
export function auditRecordOf(row: Row): AuditRecord {
  const text = (field: AuditField): string | null => {
    const value = row[field];
    return typeof value === "string" && value !== "" ? value : null;
  };
  const number = (field: AuditField): number | null => {
    const value = row[field];
    return typeof value === "number" && Number.isFinite(value) ? value : null;
  };
  return {
    time: instant(row.Time) ?? instant(row.TimeGenerated) ?? "",
    tunnelId: text("Tunnel"),
    operationName: text("Operation"),
    category: "BastionAuditLogs",
    message: text("Message"),
    protocol: text("Protocol")?.toLowerCase() ?? null,
    clientIp: text("ClientIp"),
    clientPort: number("ClientPort"),
    person: text("Person"),
    account: text("Account"),
    userAgent: text("UserAgent"),
    targetResourceId: text("Target"),
    targetIp: text("TargetIp"),
    resourceType: text("TargetType"),
    bastionId: text("Bastion"),
    region: text("Region"),
    sessionStart: instant(row.SessionStart),
    sessionEnd: instant(row.SessionEnd),
    durationMs: number("DurationMs"),
  };
}

/** ISO 8601 UTC with three decimals, of a date or of a text that holds one (the table's `SessionEndTime` is a text). */
function instant(value: unknown): string | null {
  const date = value instanceof Date ? value : typeof value === "string" && value !== "" ? new Date(value) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
