import type { AuditRecord } from "./types.ts";

/** A fact of an audit record, and where sources have it. */
export interface Field {
  /** Whether a blob's record has it beside `properties` or in it. */
  readonly place: "record" | "properties";
  /**
   * Its name there (azure-docs, "Monitor Azure Bastion"). Tables spell it in another case (azure-monitor-ref,
   * tables/microsoftazurebastionauditlogs.md), and `AzureDiagnostics` with its type as suffix.
   */
  readonly member: string;
  /** Other names for it, which count where the first is absent. */
  readonly also?: readonly string[];
  readonly kind: "text" | "time" | "port" | "duration";
}

/** Every fact of an audit record. */
export const fields = {
  time: { place: "record", member: "time", also: ["TimeGenerated"], kind: "time" },
  tunnelId: { place: "properties", member: "tunnelId", kind: "text" },
  operationName: { place: "record", member: "operationName", kind: "text" },
  category: { place: "record", member: "category", kind: "text" },
  message: { place: "properties", member: "message", kind: "text" },
  protocol: { place: "properties", member: "protocol", kind: "text" },
  clientIp: { place: "properties", member: "clientIpAddress", kind: "text" },
  clientPort: { place: "properties", member: "clientPort", kind: "port" },
  person: { place: "properties", member: "userEmail", kind: "text" },
  account: { place: "properties", member: "userName", kind: "text" },
  userAgent: { place: "properties", member: "userAgent", kind: "text" },
  targetResourceId: { place: "properties", member: "targetResourceId", kind: "text" },
  targetIp: { place: "properties", member: "targetVMIPAddress", kind: "text" },
  resourceType: { place: "properties", member: "resourceType", kind: "text" },
  bastionId: { place: "record", member: "resourceId", also: ["_ResourceId"], kind: "text" },
  region: { place: "record", member: "location", also: ["Region"], kind: "text" },
  sessionStart: { place: "properties", member: "sessionStartTime", kind: "time" },
  sessionEnd: { place: "properties", member: "sessionEndTime", kind: "time" },
  durationMs: { place: "properties", member: "duration", kind: "duration" },
} as const satisfies Record<keyof AuditRecord, Field>;

export type FieldName = keyof typeof fields;

export const fieldNames = Object.keys(fields) as FieldName[];
