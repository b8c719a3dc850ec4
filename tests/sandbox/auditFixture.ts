import assert from "node:assert/strict";
import type { StoragePipelineOptions } from "@azure/storage-blob";
import { nameOf, parsePath, typeOf } from "../../sandbox/arm/ids.ts";
import type { JsonObject } from "../../sandbox/arm/json.ts";
import type { Resource, ResourceStore } from "../../sandbox/arm/resource.ts";

export const groupId = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-access";

export const accountKey = Buffer.alloc(64, 7).toString("base64");

export function accountId(name: string): string {
  return `${groupId}/providers/Microsoft.Storage/storageAccounts/${name}`;
}

/** Puts a resource into the store as the control plane would have it, with the type and the name that its id has. */
export function putResource(store: ResourceStore, id: string, body: JsonObject, secrets?: JsonObject): Resource {
  const path = parsePath(id);
  assert.ok(path?.kind === "resource", id);
  return store.put({ id, type: typeOf(path.target), name: nameOf(id), body, ...(secrets && { secrets }) });
}

/** Options of a storage client that trusts the sandbox's certificates. */
export function trusting({ ca }: { ca: string }): StoragePipelineOptions & { tlsOptions: { ca: string } } {
  return { tlsOptions: { ca } };
}

/** Properties of a security rule that lets everything in, but for `more`. */
export const ruleProperties = (more: JsonObject = {}): JsonObject => ({
  access: "Allow",
  direction: "Inbound",
  priority: 200,
  protocol: "*",
  sourceAddressPrefix: "*",
  sourcePortRange: "*",
  destinationAddressPrefix: "*",
  destinationPortRange: "*",
  ...more,
});

export function putAccount(store: ResourceStore, name: string, properties: JsonObject = {}): Resource {
  const body = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" }, properties };
  return putResource(store, accountId(name), body, {
    key1: accountKey,
    key2: Buffer.alloc(64, 8).toString("base64"),
  });
}
