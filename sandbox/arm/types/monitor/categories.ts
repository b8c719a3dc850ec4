import { badRequest } from "../../armError.ts";
import { nameOf, parsePath, resourceGroupOf, typeOf } from "../../ids.ts";
import { textAt } from "../../json.ts";
import type { Resource } from "../../resource.ts";

/** Categories that can be exported from a resource. */
export interface Categories {
  readonly logs: readonly string[];
  readonly groups: readonly string[];
  readonly metrics: readonly string[];
}

/** Categories of the activity log (Azure Monitor, activity-log-schema.md, "Categories"). */
const activityLog: Categories = {
  logs: [
    "Administrative",
    "Security",
    "ServiceHealth",
    "Alert",
    "Recommendation",
    "Policy",
    "Autoscale",
    "ResourceHealth",
  ],
  groups: [],
  metrics: [],
};

const none: Categories = { logs: [], groups: [], metrics: [] };

/** Categories by resource type (Azure Monitor, supported logs and metrics). Other types have no diagnostic settings. */
const byType: Readonly<Record<string, Categories>> = {
  "microsoft.compute/virtualmachines": { ...none, metrics: ["AllMetrics"] },
  "microsoft.keyvault/vaults": {
    logs: ["AuditEvent", "AzurePolicyEvaluationDetails"],
    groups: ["audit", "allLogs"],
    metrics: ["AllMetrics"],
  },
  "microsoft.network/bastionhosts": {
    logs: ["BastionAuditLogs"],
    groups: ["audit", "allLogs"],
    metrics: ["AllMetrics"],
  },
  "microsoft.network/networkinterfaces": { ...none, metrics: ["AllMetrics"] },
  "microsoft.network/networksecuritygroups": {
    logs: ["NetworkSecurityGroupEvent", "NetworkSecurityGroupRuleCounter"],
    groups: ["allLogs"],
    metrics: [],
  },
  "microsoft.network/publicipaddresses": {
    logs: ["DDoSProtectionNotifications", "DDoSMitigationFlowLogs", "DDoSMitigationReports"],
    groups: ["audit", "allLogs"],
    metrics: ["AllMetrics"],
  },
  "microsoft.network/virtualnetworks": {
    logs: ["VMProtectionAlerts"],
    groups: ["allLogs"],
    metrics: ["AllMetrics"],
  },
  "microsoft.operationalinsights/workspaces": {
    logs: ["Audit", "SummaryLogs", "Jobs"],
    groups: ["audit", "allLogs"],
    metrics: ["AllMetrics"],
  },
  "microsoft.storage/storageaccounts": { ...none, metrics: ["Capacity", "Transaction"] },
  "microsoft.storage/storageaccounts/blobservices": {
    logs: ["StorageRead", "StorageWrite", "StorageDelete"],
    groups: ["audit", "allLogs"],
    metrics: ["Capacity", "Transaction"],
  },
};

/**
 * Refuses the diagnostic settings of a type that has none.
 * @throws ArmError ResourceTypeNotSupported (azure-powershell #25880; for a resource group, bicep #14292)
 */
export function requireCategories(scope: string): void {
  const path = parsePath(scope);
  if (path?.kind === "subscription") return;
  const type = path === undefined || resourceGroupOf(scope) === nameOf(scope) ? "/" : typeOf(path.target).toLowerCase();
  if (Object.hasOwn(byType, type)) return;
  throw badRequest("ResourceTypeNotSupported", `The resource type '${type}' does not support diagnostic settings.`);
}

/** Returns the categories of a scope; an `undefined` resource is the subscription itself. */
export function categoriesOf(resource: Resource | undefined): Categories {
  if (resource === undefined) return activityLog;
  const type = resource.type.toLowerCase();
  // A Developer host emits no audit logs (Azure-Network-Security #548).
  if (type === "microsoft.network/bastionhosts" && textAt(resource.body, "sku.name") === "Developer") return none;
  return byType[type] ?? none;
}
