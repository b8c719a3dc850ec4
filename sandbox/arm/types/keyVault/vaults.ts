import { flagAt, numberAt, objectAt, textAt, withProperties, type JsonObject } from "../../json.ts";
import { vaultDomain } from "../../metadata.ts";
import { badRequest, conflict, refuse } from "../../armError.ts";
import { sameId } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource } from "../../resource.ts";
import { resourceType, type Services } from "../../resourceType.ts";
import { bodyOfDeleted, deletedVault, keepDeletedVault, restoreContents, vaultType } from "./deletedVaults.ts";

/**
 * Vaults. A deleted vault keeps its name until it is purged or recovered (azure-docs,
 * key-vault/general/soft-delete-overview.md). A recovery restores it unchanged and ignores other settings in the
 * request (azure-rest-api-specs #21306).
 */
export default ({ endpoint }: Services) =>
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
      "VaultProperties.createMode": { oneOf: ["default", "recover"] },
      "VaultProperties.provisioningState": { readOnly: true },
      "VaultProperties.softDeleteRetentionInDays": { min: 7, max: 90 },
      "VaultProperties.vaultUri": { readOnly: true },
    },
    put: "sync",
    createdStatus: 200,
    delete: "sync",
    patch: { of: "body", completion: "sync" },
    check: checkVault,
    complete: (context) => {
      const deleted = isRecovery(context) ? deletedVault(context.store, context.name) : undefined;
      return { body: deleted === undefined ? completed(context, vaultDomain(endpoint())) : bodyOfDeleted(deleted) };
    },
    afterPut(context) {
      const deleted = isRecovery(context) ? deletedVault(context.store, context.name) : undefined;
      if (deleted !== undefined) restoreContents(deleted, context.store);
    },
    afterDelete: keepDeletedVault,
  });

function isRecovery({ body }: PutContext): boolean {
  return textAt(body, "properties.createMode") === "recover";
}

function completed({ body, name, existing }: PutContext, domain: string): JsonObject {
  const asked = {
    enabledForDeployment: false,
    enabledForDiskEncryption: false,
    enabledForTemplateDeployment: false,
    enableRbacAuthorization: false,
    accessPolicies: [],
    publicNetworkAccess: "Enabled",
    softDeleteRetentionInDays: numberAt(existing?.body, "properties.softDeleteRetentionInDays") ?? 90,
    ...keptProtection(existing),
    ...without(objectAt(body, "properties"), "createMode"),
  };
  return withProperties(
    { ...body, properties: asked },
    {
      enableSoftDelete: true,
      vaultUri: `https://${name.toLowerCase()}.${domain}/`,
      provisioningState: "Succeeded",
    },
  );
}

function checkVault(context: PutContext): void {
  const { body, name, id, store, existing, tenantId } = context;
  const properties = objectAt(body, "properties");
  if (textAt(body, "properties.tenantId")?.toLowerCase() !== tenantId.toLowerCase()) {
    refuse(`The tenant ID in the request does not match the tenant of the subscription '${tenantId}'.`);
  }
  const isRbac = flagAt(body, "properties.enableRbacAuthorization") === true;
  if (!isRbac && properties.accessPolicies === undefined) refuse("The parameter accessPolicies is not specified.");
  const deleted = deletedVault(store, name);
  if (isRecovery(context)) {
    if (existing === undefined && deleted !== undefined && sameId(textAt(deleted.body, "properties.vaultId") ?? "", id))
      return;
    throw badRequest(
      "SoftDeletedVaultDoesNotExist",
      "A soft deleted vault with the given name does not exist. Ensure that the name for the vault that is being attempted to recover is in a recoverable state. For more information on soft delete please follow this link https://go.microsoft.com/fwlink/?linkid=2149745",
    );
  }
  checkIrreversible(properties, existing);
  if (existing !== undefined) return;
  if (store.ofType(vaultType).some((vault) => isNamed(vault.name, name) && vault.id !== id)) {
    throw conflict(
      "VaultAlreadyExists",
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state.`,
    );
  }
  if (deleted !== undefined) {
    throw conflict(
      "ConflictError",
      "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.",
    );
  }
}

/** Refuses changes of settings that are irreversible. */
function checkIrreversible(properties: JsonObject, existing: Resource | undefined): void {
  if (properties.enablePurgeProtection === false) {
    refuse(
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    );
  }
  if (existing === undefined) return;
  if (properties.enableSoftDelete === false) {
    refuse(
      `The property "enableSoftDelete" can be set to false only for creating new vault. Enabling the 'soft delete' functionality is an irreversible action.`,
    );
  }
  const days = properties.softDeleteRetentionInDays;
  if (days !== undefined && days !== numberAt(existing.body, "properties.softDeleteRetentionInDays")) {
    refuse('The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.');
  }
}

/** Keeps purge protection if a PUT omits it. */
function keptProtection(existing: Resource | undefined): JsonObject {
  return flagAt(existing?.body, "properties.enablePurgeProtection") === true ? { enablePurgeProtection: true } : {};
}

function isNamed(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function without(body: JsonObject, member: string): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== member));
}
