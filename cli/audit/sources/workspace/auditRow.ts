import { auditCategory } from "@bastion-trail/core/links/archivePath";
import type { AuditField } from "../../kql/auditTables.ts";
import type { FieldName } from "../../records/fields.ts";
import type { Row } from "./pages.ts";

/** The facts of a record that the columns of `auditRecordsQuery` hold. */
const names = {
  Time: "time",
  Tunnel: "tunnelId",
  Operation: "operationName",
  Message: "message",
  Protocol: "protocol",
  ClientIp: "clientIp",
  ClientPort: "clientPort",
  Person: "person",
  Account: "account",
  UserAgent: "userAgent",
  Target: "targetResourceId",
  TargetIp: "targetIp",
  TargetType: "resourceType",
  Bastion: "bastionId",
  Region: "region",
  SessionStart: "sessionStart",
  SessionEnd: "sessionEnd",
  DurationMs: "durationMs",
} as const satisfies Record<AuditField, FieldName>;

/** A row of `auditRecordsQuery` as a value that `recordOf` reads: what a fact means does not depend on where it was read. */
export function auditRowOf(row: Row): Readonly<Record<string, unknown>> {
  const facts = Object.entries(names).map(([column, name]) => [name, written(row[column])] as const);
  return { category: auditCategory, timeGenerated: written(row.TimeGenerated), ...Object.fromEntries(facts) };
}

/** A date is read from its text; one that the SDK could not make out is shown as what it is. */
function written(value: unknown): unknown {
  if (!(value instanceof Date)) {
    return value;
  }
  return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
}
