/** Users of a subnet, an NSG or a public IP address: read from the resources that refer to it, never stored twice. */
import { nameOf } from "../../ids.ts";
import { objectsAt, textAt } from "../../json.ts";
import type { Resource, ResourceReader } from "../../resource.ts";

export const networkInterfaceType = "Microsoft.Network/networkInterfaces";
export const bastionHostType = "Microsoft.Network/bastionHosts";
export const subnetType = "Microsoft.Network/virtualNetworks/subnets";

/**
 * One IP configuration of a network interface or a Bastion host. Ids are in lower case, so that they can be compared.
 */
interface IpUse {
  readonly id: string;
  readonly subnet: string | undefined;
  readonly publicIp: string | undefined;
  readonly privateIp: string | undefined;
}

/** A write replaces a resource and never changes it, so its references can be cached as long as it exists. */
const ipUsesOf = new WeakMap<Resource, readonly IpUse[]>();
const nsgOf = new WeakMap<Resource, { readonly id: string | undefined }>();

function ipUses(resource: Resource): readonly IpUse[] {
  const known = ipUsesOf.get(resource);
  if (known !== undefined) return known;
  const uses = objectsAt(resource.body, "properties.ipConfigurations").map((configuration) => ({
    id: textAt(configuration, "id") ?? `${resource.id}/ipConfigurations/${textAt(configuration, "name") ?? ""}`,
    subnet: textAt(configuration, "properties.subnet.id")?.toLowerCase(),
    publicIp: textAt(configuration, "properties.publicIPAddress.id")?.toLowerCase(),
    privateIp: textAt(configuration, "properties.privateIPAddress"),
  }));
  ipUsesOf.set(resource, uses);
  return uses;
}

function nsgIdOf(resource: Resource): string | undefined {
  const known = nsgOf.get(resource);
  if (known !== undefined) return known.id;
  const id = textAt(resource.body, "properties.networkSecurityGroup.id")?.toLowerCase();
  nsgOf.set(resource, { id });
  return id;
}

function* allIpUses(store: ResourceReader): Generator<IpUse> {
  for (const nic of store.ofType(networkInterfaceType)) yield* ipUses(nic);
  for (const host of store.ofType(bastionHostType)) yield* ipUses(host);
}

/** Returns the ids of the IP configurations in a subnet. */
export function ipConfigurationsIn(store: ResourceReader, subnetId: string): string[] {
  const key = subnetId.toLowerCase();
  return [...allIpUses(store)].filter((use) => use.subnet === key).map((use) => use.id);
}

/** Returns the private addresses in use in a subnet, each with its IP configuration. */
export function addressesTakenIn(store: ResourceReader, subnetId: string): Map<string, string> {
  const key = subnetId.toLowerCase();
  const taken = new Map<string, string>();
  for (const use of allIpUses(store)) {
    if (use.subnet === key && use.privateIp !== undefined) taken.set(use.privateIp, use.id);
  }
  return taken;
}

/** Returns the id of the IP configuration that a public IP address is allocated to. */
export function holderOfPublicIp(store: ResourceReader, publicIpId: string): string | undefined {
  const key = publicIpId.toLowerCase();
  for (const use of allIpUses(store)) {
    if (use.publicIp === key) return use.id;
  }
  return undefined;
}

/** Returns the network interfaces and subnets that an NSG is attached to. */
export function holdersOfNsg(store: ResourceReader, nsgId: string): { networkInterfaces: string[]; subnets: string[] } {
  const key = nsgId.toLowerCase();
  const idsOf = (type: string): string[] =>
    store
      .ofType(type)
      .filter((resource) => nsgIdOf(resource) === key)
      .map((resource) => resource.id);
  return { networkInterfaces: idsOf(networkInterfaceType), subnets: idsOf(subnetType) };
}

/** Whether an NSG is attached to an `AzureBastionSubnet`. */
export function guardsBastionSubnet(store: ResourceReader, nsgId: string): boolean {
  return holdersOfNsg(store, nsgId).subnets.some((id) => isBastionSubnet(nameOf(id)));
}

/** Whether a subnet is Azure Bastion's, which only its name shows. */
export function isBastionSubnet(name: string): boolean {
  return name.toLowerCase() === "azurebastionsubnet";
}
