import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../sandbox/arm/json.ts";
import type { Resource, ResourceStore } from "../../sandbox/arm/resource.ts";
import { sameId } from "../../sandbox/arm/ids.ts";
import { SandboxClock } from "../../sandbox/clock.ts";

export const subscriptionId = "11111111-2222-3333-4444-555555555555";
export const tenantId = "99999999-8888-7777-6666-555555555555";
export const groupId = `/subscriptions/${subscriptionId}/resourceGroups/rg-access`;

/** A resource store in memory, for tests of the rules alone. */
export function memoryStore(clock: { now(): Date }): ResourceStore {
  const resources = new Map<string, Resource>();
  let version = 0;
  const all = (): Resource[] => [...resources.values()];
  return {
    get: (id) => resources.get(id.toLowerCase()),
    childrenOf: (id, type) =>
      all().filter(
        (resource) =>
          resource.id.toLowerCase().startsWith(`${id.toLowerCase()}/`) &&
          (type === undefined || sameId(resource.type, type)),
      ),
    ofType: (type) => all().filter((resource) => sameId(resource.type, type)),
    all,
    put(resource) {
      const now = clock.now().toISOString();
      const written: Resource = {
        ...resource,
        etag: `"${String(++version)}"`,
        createdAt: resources.get(resource.id.toLowerCase())?.createdAt ?? now,
        changedAt: now,
      };
      resources.set(resource.id.toLowerCase(), written);
      return written;
    },
    delete: (id) => {
      resources.delete(id.toLowerCase());
    },
  };
}

/** A folder that goes away with `remove`. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "bastion-trail-"));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export function testClock(): SandboxClock {
  return new SandboxClock();
}

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
