import type { JsonObject } from "../arm/json.ts";
import type { Resource, ResourceStore } from "../arm/resource.ts";
import { containerId } from "./accounts.ts";

export const containerType = "Microsoft.Storage/storageAccounts/blobServices/containers";

/**
 * Returns the body of a container that was not created by a PUT to ARM, but by the data plane or by the first log
 * record.
 */
export function plainContainerBody(now: Date): JsonObject {
  return {
    properties: {
      deleted: false,
      remainingRetentionDays: 0,
      defaultEncryptionScope: "$account-encryption-key",
      denyEncryptionScopeOverride: false,
      publicAccess: "None",
      leaseStatus: "Unlocked",
      leaseState: "Available",
      lastModifiedTime: now.toISOString(),
      hasImmutabilityPolicy: false,
      hasLegalHold: false,
    },
  };
}

/** Registers a container in ARM; an existing resource is left unchanged. */
export function registerContainer(store: ResourceStore, accountId: string, name: string, now: Date): Resource {
  const id = containerId(accountId, name);
  return store.get(id) ?? store.put({ id, type: containerType, name, body: plainContainerBody(now) });
}
