import { regionName } from "@bastion-trail/core/rules/region";
import { textAt } from "../../json.ts";
import { conflict } from "../../armError.ts";
import { resourceGroupType, sameId } from "../../ids.ts";
import type { PutContext, RequestContext } from "../../requestContext.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { networkName } from "./names.ts";
import { networkType } from "./networkType.ts";

export const networkWatcherType = "Microsoft.Network/networkWatchers";

/** Network Watchers: one per region of a subscription (Network Watcher FAQ). */
export default networkType({
  type: networkWatcherType,
  model: "network:NetworkWatcher",
  sdk: "network.NetworkWatcher",
  scope: "resourceGroup",
  name: networkName(),
  location: "required",
  put: "sync",
  delete: "async",
  patch: { of: "tags", completion: "sync" },
  check,
  complete: ({ body }) => ({ body: { ...body, properties: provisioned } }),
});

const provisioned = { provisioningState: "Succeeded" };

function check({ store, id, body }: PutContext): void {
  const other = watcherOf(store, textAt(body, "location") ?? "");
  if (other === undefined || sameId(other.id, id)) return;
  throw conflict(
    "NetworkWatcherCountLimitReached",
    "Cannot create more than 1 network watchers for this subscription in this region.",
  );
}

function watcherOf(store: ResourceReader, location: string): Resource | undefined {
  const region = regionName(location);
  return store
    .ofType(networkWatcherType)
    .find((watcher) => regionName(textAt(watcher.body, "location") ?? "") === region);
}

/**
 * Creates the Network Watcher of a region, as Azure does automatically when a virtual network is created or updated
 * there (network-watcher-create.md). Its group is created in the region of the first watcher.
 */
export function enableNetworkWatcher({ store, subscriptionId }: RequestContext, location: string): void {
  if (watcherOf(store, location) !== undefined) return;
  const region = regionName(location);
  const group = `/subscriptions/${subscriptionId}/resourceGroups/NetworkWatcherRG`;
  if (store.get(group) === undefined) {
    const body = { location: region, properties: { provisioningState: "Succeeded" } };
    store.put({ id: group, type: resourceGroupType, name: "NetworkWatcherRG", body });
  }
  const name = `NetworkWatcher_${region}`;
  store.put({
    id: `${group}/providers/${networkWatcherType}/${name}`,
    type: networkWatcherType,
    name,
    body: { location: region, properties: provisioned },
  });
}
