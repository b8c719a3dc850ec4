import { randomUUID } from "node:crypto";
import { flagAt, textAt, textsAt, withProperties, type JsonObject } from "../../json.ts";
import { badRequest } from "../../armError.ts";
import { sameId } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { usagesOf, type Quota } from "../quota.ts";
import { inlineView } from "../references.ts";
import { overlaps } from "./addresses.ts";
import { childrenInOrder, inlineChildren, replaceChildren } from "./inlineChildren.ts";
import { networkName } from "./names.ts";
import { networkType } from "./networkType.ts";
import { enableNetworkWatcher } from "./networkWatchers.ts";
import { usableAddresses } from "./privateAddresses.ts";
import { checkPrefixChange, checkSubnet, checkSubnetUnused, requirePrefix } from "./subnetChecks.ts";
import { completeSubnet, requireIdle, subnetsOf, viewSubnet } from "./subnets.ts";
import { ipConfigurationsIn, networkInterfaceType, subnetType } from "./usage.ts";

export const virtualNetworkType = "Microsoft.Network/virtualNetworks";

const quotas: readonly Quota[] = [
  { type: virtualNetworkType, name: ["VirtualNetworks", "Virtual Networks"], limit: 1000 },
  { type: networkInterfaceType, name: ["NetworkInterfaces", "Network Interfaces"], limit: 65_536 },
  {
    type: "Microsoft.Network/networkSecurityGroups",
    name: ["NetworkSecurityGroups", "Network Security Groups"],
    limit: 5000,
  },
  { type: "Microsoft.Network/publicIPAddresses", name: ["PublicIPAddresses", "Public IP Addresses"], limit: 1000 },
];

export default networkType({
  type: virtualNetworkType,
  model: "network:VirtualNetwork",
  sdk: "network.VirtualNetwork",
  scope: "resourceGroup",
  name: networkName(64),
  location: "required",
  refine: {
    "Subnet.name": { required: true },
    "VirtualNetworkPropertiesFormat.flowTimeoutInMinutes": { min: 4, max: 30 },
    // The sandbox has no peerings.
    "VirtualNetworkPropertiesFormat.virtualNetworkPeerings": { maxItems: 0 },
  },
  answers: { usages: "network:VirtualNetworkUsage", "locations/usages": "network:Usage" },
  put: "async",
  delete: "async",
  patch: { of: "tags", completion: "sync" },
  check,
  complete(context) {
    return {
      body: withProperties(context.body, {
        provisioningState: "Succeeded",
        resourceGuid: textAt(context.existing?.body, "properties.resourceGuid") ?? randomUUID(),
        enableDdosProtection: flagAt(context.body, "properties.enableDdosProtection") ?? false,
        virtualNetworkPeerings: [],
        // Only the names, in the order of the request: subnets are separate resources (see `view`).
        subnets: inlineChildren(context, "subnets").map(({ name }) => ({ name })),
      }),
    };
  },
  afterPut(context) {
    replaceChildren(context, subnetType, inlineChildren(context, "subnets"), completeSubnet);
    enableNetworkWatcher(context, textAt(context.body, "location") ?? "");
  },
  checkDelete({ existing, store }) {
    for (const subnet of store.childrenOf(existing.id, subnetType)) checkSubnetUnused(store, subnet.id);
  },
  view,
  providerLists: { "locations/usages": (context, names) => usagesOf(quotas, context, names) },
  reads: {
    usages: ({ resource, store }) => ({
      value: store.childrenOf(resource.id, subnetType).map((subnet) => usage(store, subnet)),
    }),
  },
});

/** Returns the usage of a subnet (Microsoft.Network specification, `VirtualNetworkUsage`). */
function usage(store: ResourceReader, subnet: Resource): JsonObject {
  return {
    id: subnet.id,
    name: { value: "SubnetSpace", localizedValue: "Subnet size and usage" },
    currentValue: ipConfigurationsIn(store, subnet.id).length,
    limit: Number(usableAddresses(subnet)),
    unit: "Count",
  };
}

function check(context: PutContext): void {
  requireIdle(context.store, context.id, context.id);
  const location = textAt(context.body, "location") ?? "";
  const addressSpace = textsAt(context.body, "properties.addressSpace.addressPrefixes");
  if (addressSpace.length === 0) {
    throw badRequest("AddressSpaceNotSpecified", `Address space must be specified for virtual network ${context.id}.`);
  }
  const space = addressSpace.map((text) => ({ text, range: requirePrefix(text, context.id) }));
  for (const [index, one] of space.entries()) {
    const other = space.slice(index + 1).find(({ range }) => overlaps(range, one.range));
    if (other !== undefined) {
      throw badRequest(
        "NetcfgInvalidVirtualNetworkSite",
        `Address prefixes ${one.text} and ${other.text} of virtual network ${context.id} overlap.`,
      );
    }
  }
  const stored = subnetsOf(context.store, context.id);
  // A PUT contains the whole list, and subnets it omits are deleted. Since 2023-09-01, in some regions Azure keeps the
  // subnets if a PUT lacks the member (Azure Networking Blog, 2024); a program that relies on that fails in the others.
  const drafts = inlineChildren(context, "subnets");
  for (const subnet of stored) {
    const kept = drafts.find(({ id }) => sameId(id, subnet.id));
    if (kept === undefined) checkSubnetUnused(context.store, subnet.id);
    else checkPrefixChange(context.store, subnet, kept);
  }
  for (const [index, draft] of drafts.entries()) {
    checkSubnet(draft, {
      store: context.store,
      location,
      virtualNetworkName: context.name,
      addressSpace,
      siblings: drafts.slice(0, index),
    });
  }
}

function view(network: Resource, reader: ResourceReader): JsonObject {
  const subnets = childrenInOrder(network, "subnets", subnetType, reader);
  return withProperties(network.body, {
    subnets: subnets.map((subnet) => inlineView({ ...subnet, body: viewSubnet(subnet, reader) })),
  });
}
