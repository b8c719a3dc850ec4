import { ownerIdOf } from "../../ids.ts";
import { textAt, textsAt, type JsonObject } from "../../json.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { canonicalPrefix } from "./addresses.ts";
import { primaryConfiguration } from "./effectiveRules.ts";

/** Ranges without a route in Azure, unless they belong to the network (virtual-networks-udr-overview.md, "Default"). */
const unrouted = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];

/**
 * Returns the answer of `effectiveRouteTable`: Azure's default routes of a network interface. The sandbox has no
 * peerings, route tables or gateways, which would add routes.
 */
export function effectiveRoutes(store: ResourceReader, nic: Resource): JsonObject {
  const subnetId = textAt(primaryConfiguration(nic), "properties.subnet.id") ?? "";
  const network = store.get(ownerIdOf(subnetId));
  const own = textsAt(network?.body, "properties.addressSpace.addressPrefixes");
  const replaced = new Set(own.map(canonicalPrefix));
  return {
    value: [
      ...own.map((prefix) => route(prefix, "VnetLocal")),
      route("0.0.0.0/0", "Internet"),
      ...unrouted.filter((prefix) => !replaced.has(prefix)).map((prefix) => route(prefix, "None")),
    ],
  };
}

function route(prefix: string, nextHopType: "VnetLocal" | "Internet" | "None"): JsonObject {
  return {
    name: null,
    source: "Default",
    state: "Active",
    addressPrefix: [prefix],
    nextHopType,
    nextHopIpAddress: [],
    disableBgpRoutePropagation: false,
  };
}
