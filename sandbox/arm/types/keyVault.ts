import type { ProviderModule } from "../model.ts";
import { secrets } from "./keyVault/secrets.ts";
import { deletedVaults, vaults } from "./keyVault/vaults.ts";

/**
 * `Microsoft.KeyVault`: vaults, their secrets, and the vaults that are deleted and not yet purged.
 * @param domain - what follows the name of a vault in its address.
 */
export function keyVaultProvider(domain: string): ProviderModule {
  return { namespace: "Microsoft.KeyVault", types: [vaults(domain), secrets, deletedVaults] };
}
