/**
 * The facts of a Bastion audit record, one row per fact: its name in this project, where each source has it, its type, and how
 * it is shown. The readers, loader, SQL, KQL, columns and the table in docs/cli.md are derived from these rows.
 *
 * Sources: azure-docs, "Monitor Azure Bastion", for blobs; azure-monitor-ref, tables/microsoftazurebastionauditlogs.md, for the
 * tables. In `AzureDiagnostics`, the column of a member of `properties` has its type as suffix (azure-monitor-docs,
 * tables/azurediagnostics.md).
 */
export interface Field {
  /** What the fact is, for the documentation. */
  readonly meaning: string;
  /** An ARM id begins with one slash and ends with none; a time is ISO 8601 UTC with three decimals; a duration is in milliseconds. */
  readonly kind: "text" | "id" | "time" | "port" | "duration";
  /** Path in a blob's record. */
  readonly blob: string;
  /** Column of `MicrosoftAzureBastionAuditLogs`; null if it has none. */
  readonly column: string | null;
  /** Whether the table in some workspaces lacks the column. */
  readonly maybeAbsent?: true;
  /** Columns of `AzureDiagnostics` that may hold it, best first. */
  readonly diagnostics: readonly string[];
  /** `lower`: read in lower case. `any`: sources differ in case, which does not make a different record. */
  readonly letters?: "lower" | "any";
  /** Its name in a session; all records of a session that have it agree. Missing if it belongs to a single record. */
  readonly session?: string;
  /** Heading in a table; CSV uses the name. Default: from the name, as `Column` of reporters/rows.ts describes. */
  readonly title?: string;
  /** How a table shows the text, and when it hides the column: as in `Column`. */
  readonly shown?: "id" | "prose";
  readonly leaveOut?: number;
}

/** In the order of columns: the most wanted first. */
export const fields = {
  time: {
    meaning: "when it happened",
    kind: "time",
    blob: "time",
    column: "Time",
    diagnostics: ["TimeGenerated"],
  },
  person: {
    meaning: "the Entra account; absent in records of 2019",
    kind: "text",
    blob: "properties.userEmail",
    column: "UserEmail",
    maybeAbsent: true,
    diagnostics: ["userEmail_s"],
    session: "person",
  },
  account: {
    meaning: "the account on the VM",
    kind: "text",
    blob: "properties.userName",
    column: "UserName",
    diagnostics: ["userName_s"],
    session: "account",
    leaveOut: 3,
  },
  targetResourceId: {
    meaning: "ARM id of the VM",
    kind: "id",
    blob: "properties.targetResourceId",
    column: "TargetResourceId",
    diagnostics: ["targetResourceId_s"],
    letters: "any",
    session: "vm",
    title: "VM",
  },
  clientIp: {
    meaning: "the address from which the user connected",
    kind: "text",
    blob: "properties.clientIpAddress",
    column: "ClientIpAddress",
    diagnostics: ["clientIpAddress_s"],
    session: "clientIp",
    title: "FROM",
    leaveOut: 1,
  },
  message: {
    meaning: "`Successfully Connected.`, `Login Failed`, ...: the only place with the outcome",
    kind: "text",
    blob: "properties.message",
    column: "Message",
    diagnostics: ["message_s", "Message"],
    session: "message",
    shown: "prose",
  },
  tunnelId: {
    meaning: "the Bastion tunnel; all records of one session have the same",
    kind: "text",
    blob: "properties.tunnelId",
    column: "TunnelId",
    // A text that looks like a GUID becomes a column of that type.
    diagnostics: ["tunnelId_g", "tunnelId_s"],
    letters: "any",
    session: "tunnelId",
    title: "TUNNEL",
    shown: "id",
    leaveOut: 2,
  },
  protocol: {
    meaning: "`ssh`, `rdp` or another value from Bastion, in lower case",
    kind: "text",
    blob: "properties.protocol",
    column: "Protocol",
    diagnostics: ["protocol_s"],
    letters: "lower",
    session: "protocol",
    leaveOut: 4,
  },
  sessionEnd: {
    meaning: "when the session ended; only in the record of its end",
    kind: "time",
    blob: "properties.sessionEndTime",
    column: "SessionEndTime",
    diagnostics: ["sessionEndTime_t", "sessionEndTime_s"],
    title: "END",
    leaveOut: 5,
  },
  targetIp: {
    meaning: "address of the VM",
    kind: "text",
    blob: "properties.targetVMIPAddress",
    column: "TargetVMIPAddress",
    diagnostics: ["targetVMIPAddress_s"],
    session: "vmIp",
    title: "VM IP",
    leaveOut: 6,
  },
  sessionStart: {
    meaning: "when the session started",
    kind: "time",
    blob: "properties.sessionStartTime",
    column: "SessionStartTime",
    diagnostics: ["sessionStartTime_t", "sessionStartTime_s"],
    leaveOut: 7,
  },
  durationMs: {
    meaning: "milliseconds; only in the record of the session's end",
    kind: "duration",
    blob: "properties.duration",
    column: "Duration",
    diagnostics: ["duration_d"],
    leaveOut: 8,
  },
  clientPort: {
    meaning: "the port from which the user connected",
    kind: "port",
    blob: "properties.clientPort",
    column: "ClientPort",
    diagnostics: ["clientPort_d"],
    session: "clientPort",
    leaveOut: 9,
  },
  operationName: {
    meaning: "`Microsoft.Network/BastionHost/connect`, the only one documented",
    kind: "text",
    blob: "operationName",
    column: "OperationName",
    diagnostics: ["OperationName"],
    letters: "any",
    leaveOut: 10,
  },
  userAgent: {
    meaning: "the browser or client",
    kind: "text",
    blob: "properties.userAgent",
    column: "UserAgent",
    diagnostics: ["userAgent_s"],
    session: "userAgent",
    shown: "prose",
    leaveOut: 11,
  },
  resourceType: {
    meaning: "`VM`, `VMSS`, `BSL`, ...",
    kind: "text",
    blob: "properties.resourceType",
    column: "ResourceType",
    maybeAbsent: true,
    diagnostics: ["resourceType_s"],
    leaveOut: 12,
  },
  bastionId: {
    meaning: "ARM id of the Bastion host",
    kind: "id",
    blob: "resourceId",
    column: "_ResourceId",
    diagnostics: ["_ResourceId"],
    letters: "any",
    session: "bastion",
    leaveOut: 13,
  },
  region: {
    meaning: "region of the Bastion host",
    kind: "text",
    blob: "location",
    column: "Location",
    diagnostics: ["location_s", "Region_s"],
    session: "region",
    leaveOut: 14,
  },
  category: {
    meaning: "`BastionAuditLogs`; null in an export of the dedicated table, which has no such column",
    kind: "text",
    blob: "category",
    column: null,
    diagnostics: ["Category"],
    leaveOut: 15,
  },
} as const satisfies Readonly<Record<string, Field>>;

export type FieldName = keyof typeof fields;

type Value<Name extends FieldName> = (typeof fields)[Name]["kind"] extends "port" | "duration" ? number : string;

/** One record of the category `BastionAuditLogs`, from any source. A missing fact is null. */
export type AuditRecord = {
  readonly [Name in FieldName]: Name extends "time" ? string : Value<Name> | null;
};

type NameInSession<Name extends FieldName> = (typeof fields)[Name] extends {
  readonly session: infer Own extends string;
}
  ? Own
  : never;

/** The facts that a session takes from its records, by their names in the session. */
export type SessionFacts = { readonly [Name in FieldName as NameInSession<Name>]: Value<Name> | null };

export const fieldNames = Object.keys(fields) as FieldName[];

/** Returns the row of a fact, with optional members. */
export function fieldOf(name: FieldName): Field {
  return fields[name];
}

/** Returns the last part of a fact's path in a blob: its name beside or inside `properties`. */
export function memberOf(name: FieldName): string {
  return fields[name].blob.replace("properties.", "");
}

/** Returns whether a blob's record has the fact in `properties`. */
export function isProperty(name: FieldName): boolean {
  return fields[name].blob.startsWith("properties.");
}

/** Facts that a session takes from its records. */
export const sessionFields = fieldNames.filter((name) => fieldOf(name).session !== undefined);

/** Their names in the session. */
export const sessionFactNames = sessionFields.map((name) => fieldOf(name).session) as (keyof SessionFacts)[];

/** DuckDB type of each kind; times are milliseconds since the Unix epoch. */
const sqlTypes = { text: "VARCHAR", id: "VARCHAR", time: "BIGINT", port: "INTEGER", duration: "BIGINT" } as const;

export function sqlType(name: FieldName): (typeof sqlTypes)[keyof typeof sqlTypes] {
  return sqlTypes[fields[name].kind];
}
