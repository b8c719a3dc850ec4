import { flagAt, numberAt, objectAt, textAt, type JsonObject } from "../../json.ts";
import { subscriptionScopeOf, nameOf } from "../../ids.ts";
import { ArmError } from "../../armError.ts";
import type { DeleteContext } from "../../requestContext.ts";
import type { Resource, ResourceReader, ResourceStore } from "../../resource.ts";
import { resourceType } from "../../resourceType.ts";

export const vaultType = "Microsoft.KeyVault/vaults";
const deletedVaultType = "Microsoft.KeyVault/locations/deletedVaults";

/** Deleted vaults that are not purged yet (azure-docs, key-vault/general/soft-delete-overview.md). */
export default resourceType({
  type: deletedVaultType,
  model: "keyvault:DeletedVault",
  sdk: "keyvault.Vault",
  scope: "subscription",
  name: { pattern: /./, code: "BadRequest", message: (name) => `The vault name '${name}' is invalid.` },
  location: "none",
  put: "forbidden",
  delete: "forbidden",
  notFound: (id) =>
    new ArmError(404, "DeletedVaultNotFound", `The specified deleted vault '${nameOf(id)}' does not exist.`),
  actions: {
    purge({ resource, store }) {
      if (flagAt(resource.body, "properties.purgeProtectionEnabled") === true) {
        throw new ArmError(405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.");
      }
      forget(resource, store);
      return { status: 202 };
    },
  },
});

/** Keeps a deleted vault. */
export function keepDeletedVault({ existing, store, clock }: DeleteContext): void {
  const { name, body, id } = existing;
  const location = textAt(body, "location") ?? "";
  const deleted = clock.now();
  const days = numberAt(body, "properties.softDeleteRetentionInDays") ?? 90;
  store.put({
    id: deletedIdOf(existing),
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
    state: { vault: body },
  });
}

/** Keeps a key or a secret of a deleted vault. */
export function keepOfDeletedVault({ existing, root, store }: DeleteContext): void {
  if (root.type !== vaultType) return;
  const { id, type, name, body, secrets = {} } = existing;
  const kept = `${deletedIdOf(root)}/${id.split("/").slice(-2).join("/")}`;
  store.put({ id: kept, type: keptType, name, body, secrets, state: { id, type } });
}

/** Type of the kept contents of a vault, which Azure does not show. */
const keptType = `${deletedVaultType}/contents`;

/** Returns the deleted vault with a name. */
export function deletedVault(reader: ResourceReader, name: string): Resource | undefined {
  return reader.ofType(deletedVaultType).find((deleted) => deleted.name.toLowerCase() === name.toLowerCase());
}

/** Returns the body of a deleted vault before its deletion. */
export function bodyOfDeleted({ state }: Resource): JsonObject {
  return objectAt(state, "vault");
}

/** Restores the keys and secrets of a recovered vault. */
export function restoreContents(deleted: Resource, store: ResourceStore): void {
  for (const { name, body, secrets, state } of store.childrenOf(deleted.id)) {
    const [id, type] = [textAt(state, "id") ?? "", textAt(state, "type") ?? ""];
    store.put({ id, type, name, body, ...(secrets && { secrets }) });
  }
  forget(deleted, store);
}

function forget(deleted: Resource, store: ResourceStore): void {
  for (const { id } of [...store.childrenOf(deleted.id), deleted]) store.delete(id);
}

function deletedIdOf({ id, name, body }: Resource): string {
  return `${subscriptionScopeOf(id)}/providers/Microsoft.KeyVault/locations/${textAt(body, "location") ?? ""}/deletedVaults/${name}`;
}
