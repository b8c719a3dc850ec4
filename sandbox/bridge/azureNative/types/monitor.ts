import type { ResourceTypeRow } from "../resourceTypeRow.ts";
import { groupName, integer, patternedGroupName } from "../valueRules.ts";

const providers = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers";

/** Destinations of logs, and Defender for Cloud. */
export const monitorTypes: readonly ResourceTypeRow[] = [
  {
    type: "operationalinsights.Workspace",
    path: `${providers}/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
    shape: { inProperties: ["sku"] },
    forceNew: ["location"],
    valueRules: {
      resourceGroupName: groupName,
      workspaceName: { minLength: 4, maxLength: 63, pattern: "^[A-Za-z0-9][A-Za-z0-9-]+[A-Za-z0-9]$" },
      retentionInDays: integer,
    },
    longRunning: { put: true, delete: true },
  },
  { type: "monitor.DiagnosticSetting", path: "/{+resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}" },
  {
    type: "security.JitNetworkAccessPolicy",
    path: `${providers}/Microsoft.Security/locations/{ascLocation}/jitNetworkAccessPolicies/{jitNetworkAccessPolicyName}`,
    valueRules: { resourceGroupName: patternedGroupName },
  },
  { type: "security.Pricing", path: "/{+scopeId}/providers/Microsoft.Security/pricings/{pricingName}" },
];
