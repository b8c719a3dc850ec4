import { flagAt } from "../../bodies.ts";
import { ArmError } from "../../model.ts";
import { resourceType } from "../../resourceType.ts";

export const deletedVaultType = "Microsoft.KeyVault/locations/deletedVaults";

/** Vaults that are deleted and not yet purged. */
export default resourceType({
  type: deletedVaultType,
  model: "keyvault:DeletedVault",
  sdk: "keyvault.Vault",
  scope: "subscription",
  name: { pattern: /./, code: "BadRequest", message: (name) => `The vault name '${name}' is invalid.` },
  location: "none",
  put: "forbidden",
  delete: "forbidden",
  actions: {
    purge({ resource, store }) {
      if (flagAt(resource.body, "properties.purgeProtectionEnabled") === true) {
        throw new ArmError(405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.");
      }
      store.delete(resource.id);
      return { status: 202 };
    },
  },
});
