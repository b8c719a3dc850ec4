import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { auditTableName } from "@bastion-trail/core/links/kql";
import { kqlString } from "@bastion-trail/core/links/kqlText";

/** Fields of a Bastion audit record as a query names them, whichever table it reads. */
export const auditFields = [
  "Time",
  "Tunnel",
  "Operation",
  "Message",
  "Protocol",
  "ClientIp",
  "ClientPort",
  "Person",
  "Account",
  "UserAgent",
  "Target",
  "TargetIp",
  "TargetType",
  "Bastion",
  "Region",
  "SessionStart",
  "SessionEnd",
  "DurationMs",
] as const;
export type AuditField = (typeof auditFields)[number];

/** A workspace table that holds Bastion audit records, and how each field is read from it. */
export interface AuditTable {
  readonly name: string;
  /** KQL conditions that a row must meet to be such a record. */
  readonly conditions: readonly string[];
  /** A KQL expression for each field. */
  readonly fields: Readonly<Record<AuditField, string>>;
}

/**
 * The table of a diagnostic setting with destination type `Dedicated` (azure-monitor-ref,
 * tables/microsoftazurebastionauditlogs.md). `UserEmail` and `ResourceType` are not in every workspace's table.
 */
export const dedicatedTable: AuditTable = {
  name: auditTableName,
  conditions: [],
  fields: {
    Time: "Time",
    Tunnel: "TunnelId",
    Operation: "OperationName",
    Message: "Message",
    Protocol: "Protocol",
    ClientIp: "ClientIpAddress",
    ClientPort: "ClientPort",
    Person: optional("UserEmail"),
    Account: "UserName",
    UserAgent: "UserAgent",
    Target: "TargetResourceId",
    TargetIp: "TargetVMIPAddress",
    TargetType: optional("ResourceType"),
    Bastion: "_ResourceId",
    Region: "Location",
    SessionStart: "SessionStartTime",
    SessionEnd: "SessionEndTime",
    DurationMs: "Duration",
  },
};

/**
 * The shared table of a setting without a destination type. Its columns are the members of `properties` with their type as
 * suffix, and each is there only once a row had it (azure-monitor-docs, reference/tables/azurediagnostics.md).
 */
export const diagnosticsTable: AuditTable = {
  name: "AzureDiagnostics",
  conditions: [`Category =~ ${kqlString(auditCategory)}`],
  fields: {
    Time: "TimeGenerated",
    // A text that looks like a GUID becomes a column of that type.
    Tunnel: either(`tostring(${optional("tunnelId_g")})`, optional("tunnelId_s")),
    Operation: "OperationName",
    Message: either(optional("message_s"), optional("Message")),
    Protocol: optional("protocol_s"),
    ClientIp: optional("clientIpAddress_s"),
    ClientPort: `toint(${optional("clientPort_d", "real(null)")})`,
    Person: optional("userEmail_s"),
    Account: optional("userName_s"),
    UserAgent: optional("userAgent_s"),
    Target: optional("targetResourceId_s"),
    TargetIp: optional("targetVMIPAddress_s"),
    TargetType: optional("resourceType_s"),
    Bastion: "_ResourceId",
    Region: either(optional("location_s"), optional("Region_s")),
    SessionStart: `todatetime(${either(`tostring(${optional("sessionStartTime_t")})`, optional("sessionStartTime_s"))})`,
    SessionEnd: either(`tostring(${optional("sessionEndTime_t")})`, optional("sessionEndTime_s")),
    DurationMs: `toint(${optional("duration_d", "real(null)")})`,
  },
};

/** Where Bastion audit records may be, in the order in which they are looked for. */
export const auditTables: readonly AuditTable[] = [dedicatedTable, diagnosticsTable];

/** A column that may be absent. */
function optional(column: string, otherwise = '""'): string {
  return `column_ifexists(${kqlString(column)}, ${otherwise})`;
}

/** The first text that is not empty. */
function either(first: string, second: string): string {
  return `iff(isnotempty(${first}), ${first}, ${second})`;
}
