import { words } from "../../../words.ts";
import type { JsonObject } from "../../json.ts";

/** A built-in role of Azure. */
export interface BuiltInRole {
  readonly roleName: string;
  /** Absent if the sandbox never checks the role's permissions. */
  readonly permissions?: JsonObject;
}

const storage = "Microsoft.Storage/storageAccounts/blobServices";

/** Built-in roles that this project's documentation names, by GUID (Azure RBAC, built-in-roles.md). */
export const builtInRoles: ReadonlyMap<string, BuiltInRole> = new Map<string, BuiltInRole>([
  ["8e3af657-a8ff-443c-a75c-2fe8c4bcb635", { roleName: "Owner", permissions: given({ actions: ["*"] }) }],
  [
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
    {
      roleName: "Contributor",
      permissions: given({
        actions: ["*"],
        notActions: words(`
          Microsoft.Authorization/*/Delete Microsoft.Authorization/*/Write Microsoft.Authorization/elevateAccess/Action
          Microsoft.Blueprint/blueprintAssignments/write Microsoft.Blueprint/blueprintAssignments/delete
          Microsoft.Compute/galleries/share/action Microsoft.Purview/consents/write Microsoft.Purview/consents/delete
          Microsoft.Resources/deploymentStacks/manageDenySetting/action
        `),
      }),
    },
  ],
  ["acdd72a7-3385-48ef-bd42-f606fba81ae7", { roleName: "Reader", permissions: given({ actions: ["*/read"] }) }],
  ["18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", { roleName: "User Access Administrator" }],
  ["9980e02c-c2be-4d73-94e8-173b1dc7cf3c", { roleName: "Virtual Machine Contributor" }],
  [
    "1c0163c0-47e6-4577-8991-ea5c82e286e4",
    { roleName: "Virtual Machine Administrator Login", permissions: login("login", "loginAsAdmin") },
  ],
  ["fb879df8-f326-4884-b1cf-06f3ad86be52", { roleName: "Virtual Machine User Login", permissions: login("login") }],
  ["4d97b98b-1d4f-4787-a291-c67834d212e7", { roleName: "Network Contributor" }],
  [
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    {
      roleName: "Storage Blob Data Contributor",
      permissions: given({
        actions: below(storage, "containers/delete containers/read containers/write generateUserDelegationKey/action"),
        dataActions: below(`${storage}/containers/blobs`, "delete read write move/action add/action"),
      }),
    },
  ],
  [
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    {
      roleName: "Storage Blob Data Reader",
      permissions: given({
        actions: below(storage, "containers/read generateUserDelegationKey/action"),
        dataActions: below(storage, "containers/blobs/read"),
      }),
    },
  ],
  ["92aaf0da-9dab-42b6-94a3-d43ce8d16293", { roleName: "Log Analytics Contributor" }],
  [
    "73c42c96-874c-492b-b04d-ab87d138a893",
    {
      roleName: "Log Analytics Reader",
      permissions: given({
        actions: [
          "*/read",
          "Microsoft.OperationalInsights/workspaces/analytics/query/action",
          "Microsoft.OperationalInsights/workspaces/search/action",
          "Microsoft.Support/*",
        ],
        notActions: ["Microsoft.OperationalInsights/workspaces/sharedKeys/read"],
      }),
    },
  ],
  ["749f88d5-cbae-40b8-bcfc-e573ddc772fa", { roleName: "Monitoring Contributor" }],
  [
    "43d0d8ad-25c7-4714-9337-8ba259a9fe05",
    {
      roleName: "Monitoring Reader",
      permissions: given({
        actions: ["*/read", "Microsoft.OperationalInsights/workspaces/search/action", "Microsoft.Support/*"],
      }),
    },
  ],
  [
    "12338af0-0e69-4776-bea7-57ae8d297424",
    {
      roleName: "Key Vault Crypto User",
      permissions: given({
        actions: [],
        dataActions: below(
          "Microsoft.KeyVault/vaults/keys",
          `read update/action backup/action encrypt/action decrypt/action wrap/action unwrap/action sign/action
          verify/action`,
        ),
      }),
    },
  ],
  ["b86a8fe4-44ce-4948-aee5-eccb2c155cd7", { roleName: "Key Vault Secrets Officer" }],
  ["4633458b-17de-408a-b874-0445c86b69e6", { roleName: "Key Vault Secrets User" }],
  ["fb1c8493-542b-48eb-b624-b4c8fea62acd", { roleName: "Security Admin" }],
  ["39bc4728-0917-49c7-9d2c-d95423bc2eb4", { roleName: "Security Reader" }],
]);

/** Returns the permissions to log in to a VM with an Entra account. */
function login(...actions: readonly string[]): JsonObject {
  return given({
    actions: words(`
      Microsoft.Network/publicIPAddresses/read Microsoft.Network/virtualNetworks/read
      Microsoft.Network/loadBalancers/read Microsoft.Network/networkInterfaces/read
      Microsoft.Compute/virtualMachines/*/read Microsoft.HybridCompute/machines/*/read
      Microsoft.HybridConnectivity/endpoints/listCredentials/action
    `),
    dataActions: ["Microsoft.Compute/virtualMachines", "Microsoft.HybridCompute/machines"].flatMap((type) =>
      actions.map((action) => `${type}/${action}/action`),
    ),
  });
}

function given(permissions: { actions: string[]; notActions?: string[]; dataActions?: string[] }): JsonObject {
  return { notActions: [], dataActions: [], notDataActions: [], ...permissions };
}

function below(type: string, actions: string): string[] {
  return words(actions).map((action) => `${type}/${action}`);
}
