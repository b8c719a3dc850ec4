import type { ResourceTypeRow } from "../resourceTypeRow.ts";

const vault =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}";

/** Vaults and their secrets: the SDK's arguments have `properties`, as in the REST API. */
export const keyVaultTypes: readonly ResourceTypeRow[] = [
  {
    type: "keyvault.Vault",
    path: vault,
    shape: { flattened: false },
    forceNew: ["location"],
    longRunning: { put: true },
  },
  { type: "keyvault.Secret", path: `${vault}/secrets/{secretName}`, shape: { flattened: false } },
];
