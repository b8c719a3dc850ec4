import type { JsonObject } from "../../sandbox/arm/json.ts";
import type { Resource, ResourceStore } from "../../sandbox/arm/resource.ts";

export const groupId = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-access";

export const accountKey = Buffer.alloc(64, 7).toString("base64");

export function accountId(name: string): string {
  return `${groupId}/providers/Microsoft.Storage/storageAccounts/${name}`;
}

export function putAccount(store: ResourceStore, name: string, properties: JsonObject = {}): Resource {
  return store.put({
    id: accountId(name),
    type: "Microsoft.Storage/storageAccounts",
    name,
    body: { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" }, properties },
    secrets: { key1: accountKey, key2: Buffer.alloc(64, 8).toString("base64") },
  });
}
