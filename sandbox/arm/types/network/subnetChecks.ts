/** Checks of a subnet of a virtual network, inline or as a separate resource. */
import { nameOf } from "../../ids.ts";
import { flagAt, objectsAt, textAt, textsAt, valueAt, type JsonObject } from "../../json.ts";
import { badRequest } from "../../armError.ts";
import type { ResourceReader } from "../../resource.ts";
import { requireReference } from "../references.ts";
import { canonicalPrefix, contains, overlaps, parsePrefix, type AddressRange } from "./addresses.ts";
import { checkBastionSubnetRules } from "./bastionSubnetRules.ts";
import { rulesOf } from "./groupRules.ts";
import { ipConfigurationsIn, isBastionSubnet } from "./usage.ts";
import type { InlineChild } from "./inlineChildren.ts";

/** The virtual network of a subnet. */
export interface Surroundings {
  readonly store: ResourceReader;
  readonly location: string;
  readonly virtualNetworkName: string;
  readonly addressSpace: readonly string[];
  /** The network's other subnets. */
  readonly siblings: readonly InlineChild[];
}

/** Returns the prefixes of a subnet: Azure accepts one string or a list. */
export function subnetPrefixes(properties: JsonObject): string[] {
  const several = textsAt(properties, "addressPrefixes");
  const one = textAt(properties, "addressPrefix");
  return several.length > 0 || one === undefined ? several : [one];
}

/**
 * Parses a prefix of a resource.
 * @throws ArmError `InvalidAddressPrefixFormat`, `InvalidCIDRNotation`.
 */
export function requirePrefix(text: string, resourceId: string): AddressRange {
  const range = parsePrefix(text);
  if (range === undefined) {
    throw badRequest(
      "InvalidAddressPrefixFormat",
      `Address prefix ${text} of resource ${resourceId} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`,
    );
  }
  const canonical = canonicalPrefix(text);
  if (range.family === "ipv4" && canonical !== text) {
    throw badRequest(
      "InvalidCIDRNotation",
      `The address prefix ${text} in resource ${resourceId} has an invalid CIDR notation. For the given prefix length, the address prefix should be ${canonical ?? ""}.`,
    );
  }
  return range;
}

/**
 * Checks one subnet against its network and the resources it refers to.
 * @throws ArmError with Azure's code and message.
 */
export function checkSubnet(subnet: InlineChild, around: Surroundings): void {
  checkPrefixes(subnet, around);
  const from = (path: string) => ({ id: subnet.id, location: around.location, path });
  const nsgId = textAt(subnet.properties, "networkSecurityGroup.id");
  const nsg =
    nsgId === undefined
      ? undefined
      : requireReference(
          around.store,
          nsgId,
          "Microsoft.Network/networkSecurityGroups",
          from("properties.networkSecurityGroup.id"),
        );
  if (isBastionSubnet(subnet.name)) {
    refuseOnBastionSubnet(subnet);
    if (nsg !== undefined) checkBastionSubnetRules(nsg.name, rulesOf(around.store, nsg.id));
  }
  if (
    textAt(subnet.properties, "sharingScope") === "Tenant" &&
    flagAt(subnet.properties, "defaultOutboundAccess") !== false
  ) {
    throw badRequest(
      "SubnetSharingScopeRequiresDefaultOutboundAccessDisabled",
      `Subnet ${subnet.name} can set sharingScope only when defaultOutboundAccess is false.`,
    );
  }
}

/**
 * Refuses to change or remove the prefix of a subnet that contains IP configurations.
 * @throws ArmError `InUsePrefixCannotBeDeleted`.
 */
export function checkPrefixChange(store: ResourceReader, before: InlineChild, after: InlineChild): void {
  const kept = subnetPrefixes(after.properties);
  const dropped = subnetPrefixes(before.properties).find((prefix) => !kept.includes(prefix));
  if (dropped === undefined || ipConfigurationsIn(store, before.id).length === 0) return;
  throw badRequest(
    "InUsePrefixCannotBeDeleted",
    `IpPrefix ${dropped} on Subnet ${before.name} has active allocations and cannot be deleted.`,
  );
}

/**
 * Refuses to delete a subnet that is in use.
 * @throws ArmError `InUseSubnetCannotBeDeleted`.
 */
export function checkSubnetUnused(store: ResourceReader, subnetId: string): void {
  const [user] = ipConfigurationsIn(store, subnetId);
  if (user === undefined) return;
  throw badRequest(
    "InUseSubnetCannotBeDeleted",
    `Subnet ${nameOf(subnetId)} is in use by ${user} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
  );
}

function checkPrefixes(subnet: InlineChild, around: Surroundings): void {
  const prefixes = subnetPrefixes(subnet.properties);
  if (prefixes.length === 0) {
    throw badRequest(
      "MissingAddressPrefixOrAddressPrefixes",
      `Either addressPrefix or addressPrefixes must be specified for subnet ${subnet.id}.`,
    );
  }
  const space = around.addressSpace.flatMap((text) => parsePrefix(text) ?? []);
  for (const text of prefixes) {
    const range = requirePrefix(text, subnet.id);
    if (!space.some((outer) => contains(outer, range)) || (range.family === "ipv4" && range.length > 29)) {
      throw range.family === "ipv4" && range.length > 29
        ? badRequest(
            "NetcfgInvalidSubnet",
            `Subnet '${subnet.name}' is not valid in virtual network '${around.virtualNetworkName}'.`,
          )
        : badRequest(
            "NetcfgSubnetRangeOutsideVnet",
            `Subnet '${subnet.name}' is not valid because its IP address range is outside the IP address range of virtual network '${around.virtualNetworkName}'.`,
          );
    }
    for (const sibling of around.siblings) {
      const taken = subnetPrefixes(sibling.properties).flatMap((prefix) => parsePrefix(prefix) ?? []);
      if (taken.some((other) => overlaps(other, range))) {
        throw badRequest(
          "NetcfgSubnetRangesOverlap",
          `Subnet '${subnet.name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${around.virtualNetworkName}'.`,
        );
      }
    }
  }
}

/**
 * Azure Bastion, bastion-faq.md: no user-defined routes; configuration-settings.md: no other resources in the subnet.
 */
function refuseOnBastionSubnet(subnet: InlineChild): void {
  const routeTableId = textAt(subnet.properties, "routeTable.id");
  if (routeTableId !== undefined) {
    throw badRequest(
      "RouteTableCannotBeAttachedForAzureBastionSubnet",
      `Route table ${nameOf(routeTableId)} cannot be attached to Azure Bastion Subnet ${subnet.name}.`,
    );
  }
  if (objectsAt(subnet.properties, "delegations").length > 0) {
    throw badRequest(
      "DelegationNotAllowedForAzureBastionSubnet",
      `Azure Bastion Subnet ${subnet.name} cannot be delegated.`,
    );
  }
  if (valueAt(subnet.properties, "natGateway.id") !== undefined) {
    throw badRequest(
      "NatGatewayCannotBeAttachedForAzureBastionSubnet",
      `NAT gateway ${nameOf(textAt(subnet.properties, "natGateway.id") ?? "")} cannot be attached to Azure Bastion Subnet ${subnet.name}.`,
    );
  }
}
