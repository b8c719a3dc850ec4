/**
 * The queries behind the links, in Kusto Query Language.
 * Tables: MicrosoftAzureBastionAuditLogs and AzureActivity (azure-monitor-docs, reference/tables).
 */
import { sessionsRule } from "../kql/sessionsRule.ts";
import { kqlString } from "./kqlText.ts";

/** The table of a diagnostic setting with the destination type `Dedicated` (azure-monitor-ref). */
export const auditTableName = "MicrosoftAzureBastionAuditLogs";

/**
 * Returns a query with one row per Bastion session, newest first: when, who, from where, to which VM, and with what
 * outcome, as defined in kql/sessions.kql. End and duration (milliseconds) are empty while a session is open.
 *
 * @param bastionHostId ARM id of the host; compared case-insensitively.
 */
export function bastionSessionsQuery(bastionHostId: string): string {
  return [
    `let Records = ${auditTableName}`,
    `    | where _ResourceId =~ ${kqlString(bastionHostId)};`,
    sessionsRule(linkedFacts),
    "Sessions",
    `| project Start, End, State, ${linkedFacts.join(", ")}, Outcome, Message, DurationMs, Session`,
    "| order by Start desc",
  ]
    .join("\n")
    .replace(/^ +/gm, (indent) => " ".repeat(indent.length / 4));
}

/** Facts of a session in the linked query, which must be short. */
const linkedFacts = ["Person", "Account", "Vm", "VmIp", "ClientIp", "Protocol"] as const;

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

/** Display names that rows of `AzureActivity` may have instead (Azure-Sentinel #4350). */
export const accessOperationTitles = [
  "Initiate JIT Network Access Policy",
  "Create or Update Network Security Group",
  "Delete Network Security Group",
  "Create or Update Security Rule",
  "Delete Security Rule",
] as const;

/**
 * Returns a query for JIT requests and every write of a network security group, newest first, from the exported
 * activity log.
 *
 * - The case of operation names varies between providers (azure-monitor-docs, activity-log-schema.md), hence `in~`.
 *   Some rows have the display name instead.
 * - The events of one request share `CorrelationId`.
 * - The body of a request is the member `requestbody` of `Properties`, a JSON string, on its `Start` event.
 *
 * @param subscriptionId GUID of the subscription whose log is queried.
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
