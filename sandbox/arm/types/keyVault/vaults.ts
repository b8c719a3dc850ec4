import { flagAt, numberAt, objectAt, textAt, withProperties } from "../../bodies.ts";
import { ArmError, type JsonObject, type PutContext, type Resource } from "../../model.ts";
import { resourceType, type Services } from "../../resourceType.ts";
import { deletedVaultType } from "./deletedVaults.ts";

const vaultType = "Microsoft.KeyVault/vaults";

/**
 * Vaults. A deleted one keeps its name until it is purged (azure-docs, key-vault/general/soft-delete-overview.md). It cannot be
 * recovered here.
 */
export default ({ vaultDomain }: Services) =>
  resourceType({
    type: vaultType,
    model: "keyvault:Vault",
    request: "keyvault:VaultCreateOrUpdateParameters",
    sdk: "keyvault.Vault",
    scope: "resourceGroup",
    name: {
      pattern: /^(?!.*--)[A-Za-z](?:[A-Za-z0-9-]{1,22}[A-Za-z0-9])$/,
      code: "VaultNameNotValid",
      message: (name) =>
        `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link for more information: https://go.microsoft.com/fwlink/?linkid=2147742`,
    },
    location: "required",
    refine: {
      "VaultProperties.accessPolicies": { maxItems: 1024 },
      "VaultProperties.createMode": { oneOf: ["default"] },
      "VaultProperties.provisioningState": { readOnly: true },
      "VaultProperties.softDeleteRetentionInDays": { min: 7, max: 90 },
      "VaultProperties.vaultUri": { readOnly: true },
    },
    put: "sync",
    createdStatus: 200,
    delete: "sync",
    patch: { of: "body", completion: "sync" },
    check: checkVault,
    complete: ({ body, name, existing }) => ({
      body: withProperties(
        {
          ...body,
          properties: {
            enabledForDeployment: false,
            enabledForDiskEncryption: false,
            enabledForTemplateDeployment: false,
            enableRbacAuthorization: false,
            accessPolicies: [],
            publicNetworkAccess: "Enabled",
            softDeleteRetentionInDays: numberAt(existing?.body, "properties.softDeleteRetentionInDays") ?? 90,
            ...keptProtection(existing),
            ...without(objectAt(body, "properties"), "createMode"),
          },
        },
        {
          enableSoftDelete: true,
          vaultUri: `https://${name.toLowerCase()}.${vaultDomain}/`,
          provisioningState: "Succeeded",
        },
      ),
    }),
    afterDelete({ existing, store, clock, subscriptionId }) {
      const { name, body, id } = existing;
      const location = textAt(body, "location") ?? "";
      const deleted = clock.now();
      const days = numberAt(body, "properties.softDeleteRetentionInDays") ?? 90;
      store.put({
        id: `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`,
        type: deletedVaultType,
        name,
        body: {
          properties: {
            vaultId: id,
            location,
            deletionDate: deleted.toISOString(),
            scheduledPurgeDate: new Date(deleted.getTime() + days * 86_400_000).toISOString(),
            ...(flagAt(body, "properties.enablePurgeProtection") === true && { purgeProtectionEnabled: true }),
          },
        },
      });
    },
  });

function checkVault({ body, name, id, store, existing, tenantId }: PutContext): void {
  const properties = objectAt(body, "properties");
  if (textAt(body, "properties.tenantId")?.toLowerCase() !== tenantId.toLowerCase()) {
    throw badRequest(`The tenant ID in the request does not match the tenant of the subscription '${tenantId}'.`);
  }
  const isRbac = flagAt(body, "properties.enableRbacAuthorization") === true;
  if (!isRbac && properties.accessPolicies === undefined) {
    throw badRequest("The parameter accessPolicies is not specified.");
  }
  checkIrreversible(properties, existing);
  if (existing !== undefined) return;
  if (store.ofType(vaultType).some((vault) => isNamed(vault.name, name) && vault.id !== id)) {
    throw new ArmError(
      409,
      "VaultAlreadyExists",
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state.`,
    );
  }
  if (store.ofType(deletedVaultType).some((deleted) => isNamed(deleted.name, name))) {
    throw new ArmError(
      409,
      "ConflictError",
      "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.",
    );
  }
}

/** What is set once and for all. */
function checkIrreversible(properties: JsonObject, existing: Resource | undefined): void {
  if (properties.enablePurgeProtection === false) {
    throw badRequest(
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    );
  }
  if (existing === undefined) return;
  if (properties.enableSoftDelete === false) {
    throw badRequest(
      `The property "enableSoftDelete" can be set to false only for creating new vault. Enabling the 'soft delete' functionality is an irreversible action.`,
    );
  }
  const days = properties.softDeleteRetentionInDays;
  if (days !== undefined && days !== numberAt(existing.body, "properties.softDeleteRetentionInDays")) {
    throw badRequest('The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.');
  }
}

/** Purge protection stays where a PUT leaves it out. */
function keptProtection(existing: Resource | undefined): JsonObject {
  return flagAt(existing?.body, "properties.enablePurgeProtection") === true ? { enablePurgeProtection: true } : {};
}

function isNamed(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function without(body: JsonObject, member: string): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== member));
}

function badRequest(message: string): ArmError {
  return new ArmError(400, "BadRequest", message);
}
