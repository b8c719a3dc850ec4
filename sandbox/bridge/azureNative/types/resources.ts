import type { ResourceTypeRow } from "../resourceTypeRow.ts";
import { patternedGroupName } from "../valueRules.ts";

const resourceGroup = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";

/** Resource groups, locks, role assignments and identities, which other resources are in or refer to. */
export const resourcesTypes: readonly ResourceTypeRow[] = [
  {
    type: "resources.ResourceGroup",
    apiVersion: "2024-03-01",
    path: resourceGroup,
    shape: { beside: ["properties"] },
    forceNew: ["location"],
    valueRules: { resourceGroupName: patternedGroupName },
    longRunning: { delete: true },
  },
  {
    type: "authorization.ManagementLockByScope",
    apiVersion: "2020-05-01",
    path: "/{+scope}/providers/Microsoft.Authorization/locks/{lockName}",
  },
  {
    type: "authorization.RoleAssignment",
    apiVersion: "2022-04-01",
    path: "/{+scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    forceNew: ["principalId"],
  },
  {
    type: "authorization.RoleDefinition",
    apiVersion: "2022-05-01-preview",
    path: "/{+scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
    shape: { moved: { roleType: ["properties", "type"] } },
  },
  {
    type: "managedidentity.UserAssignedIdentity",
    apiVersion: "2023-01-31",
    path: `${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`,
    forceNew: ["location"],
  },
  {
    type: "managedidentity.FederatedIdentityCredential",
    apiVersion: "2023-01-31",
    path: `${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`,
    valueRules: {
      federatedIdentityCredentialResourceName: { pattern: "^[a-zA-Z0-9]{1}[a-zA-Z0-9-_]{2,119}$" },
    },
  },
];
