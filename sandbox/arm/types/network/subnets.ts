import { objectAt, textAt, textsAt, withProperties, type JsonObject } from "../../json.ts";
import { conflict } from "../../armError.ts";
import { sameId, ownerIdOf } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { networkName } from "./names.ts";
import { networkType } from "./networkType.ts";
import { checkPrefixChange, checkSubnet, checkSubnetUnused } from "./subnetChecks.ts";
import { ipConfigurationsIn, subnetType } from "./usage.ts";
import type { InlineChild } from "./inlineChildren.ts";

export default networkType({
  type: subnetType,
  model: "network:Subnet",
  sdk: "network.Subnet",
  scope: "child",
  name: networkName(),
  location: "none",
  put: "async",
  delete: "async",
  check(context) {
    requireIdle(context.store, context.parentId ?? "", context.id);
    const network = context.store.get(context.parentId ?? "");
    const draft = draftOf(context);
    const siblings = subnetsOf(context.store, context.parentId ?? "").filter(({ id }) => !sameId(id, context.id));
    checkSubnet(draft, {
      store: context.store,
      location: textAt(network?.body, "location") ?? "",
      virtualNetworkName: network?.name ?? "",
      addressSpace: textsAt(network?.body, "properties.addressSpace.addressPrefixes"),
      siblings,
    });
    const before = context.existing;
    if (before !== undefined) {
      checkPrefixChange(context.store, { ...before, properties: objectAt(before.body, "properties") }, draft);
    }
  },
  complete: ({ body }) => ({ body: { properties: completeSubnet(objectAt(body, "properties")) } }),
  checkDelete: ({ existing, store }) => {
    requireIdle(store, ownerIdOf(existing.id), existing.id);
    checkSubnetUnused(store, existing.id);
  },
  view: viewSubnet,
});

/**
 * Azure writes one subnet of a virtual network at a time and refuses a second write while the first is running, so a
 * deployment must write its subnets in sequence (azure-docs, resource-manager, error-another-operation-in-progress).
 * @throws ArmError `AnotherOperationInProgress`
 */
export function requireIdle(store: ResourceReader, virtualNetworkId: string, writtenId: string): void {
  const network = store.get(virtualNetworkId);
  const family = [...(network === undefined ? [] : [network]), ...store.childrenOf(virtualNetworkId, subnetType)];
  const isBusy = family.some(
    ({ id, body }) =>
      !sameId(id, writtenId) &&
      ["Creating", "Updating", "Deleting"].includes(textAt(body, "properties.provisioningState") ?? ""),
  );
  if (!isBusy) return;
  throw conflict("AnotherOperationInProgress", "Another operation on this or dependent resource is in progress.");
}

/** Returns the stored subnets of a virtual network. */
export function subnetsOf(store: ResourceReader, virtualNetworkId: string): InlineChild[] {
  return store
    .childrenOf(virtualNetworkId, subnetType)
    .map((subnet) => ({ id: subnet.id, name: subnet.name, properties: objectAt(subnet.body, "properties") }));
}

/** Returns a subnet's properties with Azure's defaults. */
export function completeSubnet(properties: JsonObject): JsonObject {
  return {
    privateEndpointNetworkPolicies: "Disabled",
    privateLinkServiceNetworkPolicies: "Enabled",
    delegations: [],
    ...properties,
    provisioningState: "Succeeded",
  };
}

/** Returns what GET shows: the stored body and the IP configurations in the subnet. */
export function viewSubnet(subnet: Resource, reader: ResourceReader): JsonObject {
  const users = ipConfigurationsIn(reader, subnet.id);
  if (users.length === 0) return subnet.body;
  return withProperties(subnet.body, { ipConfigurations: users.map((id) => ({ id })) });
}

function draftOf(context: PutContext): InlineChild {
  return { id: context.id, name: context.name, properties: objectAt(context.body, "properties") };
}
