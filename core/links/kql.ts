/**
 * The queries behind the links, in Kusto Query Language.
 * Tables: MicrosoftAzureBastionAuditLogs and AzureActivity (azure-monitor-docs, reference/tables).
 */
import { kqlString } from "./kqlText.ts";

/** The table of a diagnostic setting with destination type `Dedicated` (azure-monitor-ref). */
export const auditTableName = "MicrosoftAzureBastionAuditLogs";

/**
 * One row per Bastion session, newest first: when, who, from where, to which VM, and with what outcome.
 *
 * - Azure writes several rows for one session, and may write a row twice; they share `TunnelId`. A record without a tunnel
 *   is a row of its own.
 * - `UserEmail` is not in every workspace's table, so it is read with `column_ifexists`.
 * - Whether a connection succeeded stands only in `Message`.
 * - End and duration (milliseconds) come with the last record; they are empty while a session is open.
 *
 * @param bastionHostId ARM id of the host; compared without regard to case.
 */
export function bastionSessionsQuery(bastionHostId: string): string {
  return [
    auditTableName,
    `| where _ResourceId =~ ${kqlString(bastionHostId)}`,
    '| extend UserEmail = column_ifexists("UserEmail", "")',
    '| extend Session = iff(isempty(TunnelId), strcat(Time, "/", ClientIpAddress, "/", ClientPort), TunnelId)',
    "| summarize",
    "    Start = min(coalesce(SessionStartTime, Time)),",
    "    End = max(todatetime(SessionEndTime)),",
    "    DurationMs = max(Duration),",
    "    Person = take_anyif(UserEmail, isnotempty(UserEmail)),",
    "    VmAccount = take_anyif(UserName, isnotempty(UserName)),",
    '    Outcome = strcat_array(make_set(Message), "; "),',
    "    Protocol = take_anyif(Protocol, isnotempty(Protocol)),",
    "    ClientIpAddress = take_anyif(ClientIpAddress, isnotempty(ClientIpAddress)),",
    "    TargetVMIPAddress = take_anyif(TargetVMIPAddress, isnotempty(TargetVMIPAddress)),",
    "    TargetResourceId = take_anyif(TargetResourceId, isnotempty(TargetResourceId))",
    "    by Session",
    "| project Start, End, DurationMs, Person, VmAccount, Outcome, Protocol, ClientIpAddress, TargetVMIPAddress, TargetResourceId, Session",
    "| order by Start desc",
  ].join("\n");
}

/** Operations that open and close access: a JIT request, changes of the JIT policy, changes of network security groups. */
export const accessOperations = [
  "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action",
  "Microsoft.Security/locations/jitNetworkAccessPolicies/write",
  "Microsoft.Security/locations/jitNetworkAccessPolicies/delete",
  "Microsoft.Network/networkSecurityGroups/write",
  "Microsoft.Network/networkSecurityGroups/delete",
  "Microsoft.Network/networkSecurityGroups/securityRules/write",
  "Microsoft.Network/networkSecurityGroups/securityRules/delete",
] as const;

/** Names for people that rows of `AzureActivity` may have in the place of these (Azure-Sentinel #4350). */
export const accessOperationTitles = [
  "Initiate JIT Network Access Policy",
  "Create or Update Network Security Group",
  "Delete Network Security Group",
  "Create or Update Security Rule",
  "Delete Security Rule",
] as const;

/**
 * JIT requests and every write of a network security group, newest first, from the exported activity log.
 *
 * - The casing of operation names varies between providers (azure-monitor-docs, activity-log-schema.md), hence `in~`. Some
 *   rows have the name for people instead.
 * - The events of one request share `CorrelationId`.
 * - The body of a request is the member `requestbody` of `Properties`, a JSON text, on its `Start` event.
 *
 * @param subscriptionId GUID of the subscription whose log this is.
 */
export function accessActivityQuery(subscriptionId: string): string {
  return [
    "AzureActivity",
    `| where SubscriptionId =~ ${kqlString(subscriptionId)}`,
    `| where OperationNameValue in~ (${[...accessOperations, ...accessOperationTitles].map(kqlString).join(", ")})`,
    '| extend RequestBody = extract_json("$.requestbody", Properties)',
    "| project TimeGenerated, OperationNameValue, ActivityStatusValue, Caller, CallerIpAddress, CorrelationId, _ResourceId, RequestBody",
    "| order by TimeGenerated desc",
  ].join("\n");
}
