import type { ResourceTypeRow } from "../resourceTypes.ts";

const providers = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers";

/** Where logs go, and Defender for Cloud. */
export const monitorTypes: readonly ResourceTypeRow[] = [
  {
    type: "operationalinsights.Workspace",
    apiVersion: "2023-09-01",
    path: `${providers}/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
    shape: { inProperties: ["sku"] },
    forceNew: ["location"],
    longRunning: { put: true, delete: true },
  },
  {
    type: "monitor.DiagnosticSetting",
    apiVersion: "2021-05-01-preview",
    path: "/{+resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
  },
  {
    type: "security.JitNetworkAccessPolicy",
    apiVersion: "2020-01-01",
    path: `${providers}/Microsoft.Security/locations/{ascLocation}/jitNetworkAccessPolicies/{jitNetworkAccessPolicyName}`,
  },
  {
    type: "security.Pricing",
    apiVersion: "2024-01-01",
    path: "/{+scopeId}/providers/Microsoft.Security/pricings/{pricingName}",
  },
];
