import type { ResourceTypeRow } from "../resourceTypeRow.ts";

const vault =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}";
const apiVersion = "2024-11-01";

/** Vaults and their secrets: the SDK's arguments have `properties`, as in the REST API. */
export const keyVaultTypes: readonly ResourceTypeRow[] = [
  {
    type: "keyvault.Vault",
    apiVersion,
    path: vault,
    shape: { flattened: false },
    forceNew: ["location"],
    longRunning: { put: true },
  },
  { type: "keyvault.Secret", apiVersion, path: `${vault}/secrets/{secretName}`, shape: { flattened: false } },
];
