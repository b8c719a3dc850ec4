import type { ResourceTypeRow } from "../resourceTypes.ts";

const account =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Storage/storageAccounts/{accountName}";
const apiVersion = "2024-01-01";

export const storageTypes: readonly ResourceTypeRow[] = [
  {
    type: "storage.StorageAccount",
    apiVersion,
    path: account,
    shape: {
      moved: {
        enableHttpsTrafficOnly: ["properties", "supportsHttpsTrafficOnly"],
        enableNfsV3: ["properties", "isNfsV3Enabled"],
        networkRuleSet: ["properties", "networkAcls"],
      },
    },
    forceNew: ["isHnsEnabled", "location", "immutableStorageWithVersioning"],
    longRunning: { put: true },
    resetTo: {
      networkRuleSet: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
    },
  },
  {
    type: "storage.BlobServiceProperties",
    apiVersion,
    path: `${account}/blobServices/{blobServicesName}`,
    defaultState: {},
    singleton: true,
  },
  { type: "storage.BlobContainer", apiVersion, path: `${account}/blobServices/default/containers/{containerName}` },
  {
    type: "storage.BlobContainerImmutabilityPolicy",
    apiVersion,
    path: `${account}/blobServices/default/containers/{containerName}/immutabilityPolicies/{immutabilityPolicyName}`,
    // Storage answers a GET with this policy for a container that has none.
    defaultState: { immutabilityPeriodSinceCreationInDays: 0 },
  },
  { type: "storage.ManagementPolicy", apiVersion, path: `${account}/managementPolicies/{managementPolicyName}` },
];
