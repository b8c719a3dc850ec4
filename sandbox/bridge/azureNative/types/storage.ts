import type { ResourceTypeRow } from "../resourceTypeRow.ts";
import { groupName, integer } from "../valueRules.ts";

const account =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Storage/storageAccounts/{accountName}";
const valueRules = {
  resourceGroupName: groupName,
  accountName: { minLength: 3, maxLength: 24, pattern: "^[a-z0-9]+$" },
  containerName: { minLength: 3, maxLength: 63 },
};

export const storageTypes: readonly ResourceTypeRow[] = [
  {
    type: "storage.StorageAccount",
    path: account,
    shape: {
      moved: {
        enableHttpsTrafficOnly: ["properties", "supportsHttpsTrafficOnly"],
        enableNfsV3: ["properties", "isNfsV3Enabled"],
        networkRuleSet: ["properties", "networkAcls"],
      },
    },
    forceNew: ["isHnsEnabled", "location", "immutableStorageWithVersioning"],
    valueRules,
    longRunning: { put: true },
    resetTo: {
      networkRuleSet: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
    },
  },
  {
    type: "storage.BlobServiceProperties",
    path: `${account}/blobServices/{blobServicesName}`,
    valueRules,
    defaultState: {},
    singleton: true,
  },
  { type: "storage.BlobContainer", path: `${account}/blobServices/default/containers/{containerName}`, valueRules },
  {
    type: "storage.BlobContainerImmutabilityPolicy",
    path: `${account}/blobServices/default/containers/{containerName}/immutabilityPolicies/{immutabilityPolicyName}`,
    valueRules: { ...valueRules, immutabilityPeriodSinceCreationInDays: integer },
    // Storage answers a GET with this policy for a container without one.
    defaultState: { immutabilityPeriodSinceCreationInDays: 0 },
  },
  { type: "storage.ManagementPolicy", path: `${account}/managementPolicies/{managementPolicyName}`, valueRules },
];
