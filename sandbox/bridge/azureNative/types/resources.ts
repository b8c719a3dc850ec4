import type { ResourceTypeRow } from "../resourceTypeRow.ts";
import { patternedGroupName } from "../valueRules.ts";

const resourceGroup = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";

/** Resource groups, locks, role assignments and identities, which other resources are in or refer to. */
export const resourcesTypes: readonly ResourceTypeRow[] = [
  {
    type: "resources.ResourceGroup",
    path: resourceGroup,
    shape: { beside: ["properties"] },
    forceNew: ["location"],
    valueRules: { resourceGroupName: patternedGroupName },
    longRunning: { delete: true },
  },
  { type: "authorization.ManagementLockByScope", path: "/{+scope}/providers/Microsoft.Authorization/locks/{lockName}" },
  {
    type: "authorization.RoleAssignment",
    path: "/{+scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    forceNew: ["principalId"],
  },
  {
    type: "authorization.RoleDefinition",
    path: "/{+scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
    shape: { moved: { roleType: ["properties", "type"] } },
  },
  {
    type: "managedidentity.UserAssignedIdentity",
    path: `${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`,
    forceNew: ["location"],
  },
  {
    type: "managedidentity.FederatedIdentityCredential",
    path: `${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`,
    valueRules: {
      federatedIdentityCredentialResourceName: { pattern: "^[a-zA-Z0-9]{1}[a-zA-Z0-9-_]{2,119}$" },
    },
  },
];
