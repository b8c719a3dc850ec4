/**
 * Evaluates a flow against the network security groups of a VM. Inbound traffic is checked by the subnet's NSG first,
 * then by the network interface's. Each applies its first matching rule, by priority, default rules last (Azure,
 * network-security-group-how-it-works.md).
 */
import { ownerIdOf } from "../../ids.ts";
import { flagAt, numberAt, objectsAt, textAt, textsAt, type JsonObject } from "../../json.ts";
import { ArmError, badRequest } from "../../armError.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { contains, parseAddress, parseRange, type AddressRange } from "./addresses.ts";
import { defaultSecurityRules } from "./defaultSecurityRules.ts";
import { includesPort, oneOrMany, parsePortRange } from "./securityRuleChecks.ts";
import { byPriority, rulesOf } from "./groupRules.ts";
import type { InlineChild } from "./inlineChildren.ts";

/** An inbound flow to a VM. */
export interface InboundFlow {
  readonly store: ResourceReader;
  readonly vmId: string;
  /** IPv4 or IPv6 address, for example one of the Bastion subnet. */
  readonly sourceAddress: string;
  readonly port: number;
  readonly protocol: "Tcp" | "Udp" | "Icmp";
}

/** The rule that decided a flow. */
export interface DecidingRule {
  readonly name: string;
  readonly priority: number;
  readonly access: "Allow" | "Deny";
  /** The rule's ARM id. */
  readonly id: string;
  /** The rule's wire properties. */
  readonly properties: JsonObject;
}

/** The decision of the NSGs on a flow. */
export interface InboundDecision {
  readonly allowed: boolean;
  /** The rule that denied the flow, or the last one that allowed it; absent without any NSG. */
  readonly rule: DecidingRule | undefined;
  readonly nsgId: string | undefined;
  readonly nicId: string;
}

interface Packet {
  readonly source: AddressRange;
  readonly destination: AddressRange | undefined;
  readonly port: number;
  readonly protocol: string;
  readonly virtualNetwork: readonly AddressRange[];
}

/** Azure's load balancer probes use only this address (Azure, what-is-ip-address-168-63-129-16.md). */
const loadBalancerProbe = "168.63.129.16";

/** Source port of the flow: Bastion, like any client, uses a high port. */
const clientPort = 50_000;

/**
 * Returns whether a flow reaches the VM's primary network interface.
 * @throws ArmError `ResourceNotFound` if the VM does not exist; `InvalidParameter` if the source is not an IP address;
 * an `Error` if the VM has no network interface, which the control plane never allows.
 */
export function evaluateInbound(flow: InboundFlow): InboundDecision {
  const nic = primaryNic(flow.store, flow.vmId);
  const configuration = primaryConfiguration(nic);
  const source = parseAddress(flow.sourceAddress);
  if (source === undefined) throw badRequest("InvalidParameter", `'${flow.sourceAddress}' is not an IP address.`);
  const packet: Packet = {
    source,
    destination: parseAddress(textAt(configuration, "properties.privateIPAddress") ?? ""),
    port: flow.port,
    protocol: flow.protocol.toLowerCase(),
    virtualNetwork: addressSpaceOf(flow.store, configuration),
  };
  let decision: InboundDecision = { allowed: true, rule: undefined, nsgId: undefined, nicId: nic.id };
  for (const nsgId of securityGroupsOf(flow.store, nic, configuration)) {
    const rule = firstMatch(flow.store, nsgId, packet);
    decision = { allowed: rule.access === "Allow", rule, nsgId, nicId: nic.id };
    if (!decision.allowed) return decision;
  }
  return decision;
}

/** Returns the answer of `effectiveNetworkSecurityGroups`: each NSG of the interface with all its rules. */
export function effectiveSecurityGroups(store: ResourceReader, nic: Resource): JsonObject {
  const configuration = primaryConfiguration(nic);
  const subnetId = textAt(configuration, "properties.subnet.id") ?? "";
  const subnetNsg = nsgIdOf(store.get(subnetId));
  const nicNsg = nsgIdOf(nic);
  const group = (nsgId: string, association: JsonObject): JsonObject => ({
    networkSecurityGroup: { id: nsgId },
    association,
    effectiveSecurityRules: [...rulesOf(store, nsgId), ...defaultSecurityRules(nsgId)]
      .sort(byPriority)
      .map((rule) => effectiveRule(rule)),
  });
  return {
    value: [
      ...(subnetNsg === undefined ? [] : [group(subnetNsg, { subnet: { id: subnetId } })]),
      ...(nicNsg === undefined ? [] : [group(nicNsg, { networkInterface: { id: nic.id } })]),
    ],
  };
}

function effectiveRule({ id, name, properties }: InlineChild): JsonObject {
  const sources = oneOrMany(properties, "sourceAddressPrefix", "sourceAddressPrefixes");
  const destinations = oneOrMany(properties, "destinationAddressPrefix", "destinationAddressPrefixes");
  const ports = (one: string, many: string): string[] =>
    oneOrMany(properties, one, many).flatMap((text) => {
      const range = parsePortRange(text);
      return range === undefined ? [] : [`${range.from}-${range.to}`];
    });
  return {
    name: id.includes("/defaultSecurityRules/") ? `defaultSecurityRules/${name}` : `securityRules/${name}`,
    protocol: textAt(properties, "protocol") === "*" ? "All" : (textAt(properties, "protocol") ?? "All"),
    sourceAddressPrefixes: sources,
    destinationAddressPrefixes: destinations,
    sourcePortRanges: ports("sourcePortRange", "sourcePortRanges"),
    destinationPortRanges: ports("destinationPortRange", "destinationPortRanges"),
    access: textAt(properties, "access") ?? "",
    priority: numberAt(properties, "priority") ?? 0,
    direction: textAt(properties, "direction") ?? "",
  };
}

function firstMatch(store: ResourceReader, nsgId: string, packet: Packet): DecidingRule {
  const rules = [...rulesOf(store, nsgId).sort(byPriority), ...defaultSecurityRules(nsgId)];
  const rule = rules.find((candidate) => matches(candidate.properties, packet));
  if (rule === undefined) throw new Error(`No rule of ${nsgId} matches, not even DenyAllInBound.`);
  return {
    name: rule.name,
    id: rule.id,
    priority: numberAt(rule.properties, "priority") ?? 0,
    access: textAt(rule.properties, "access") === "Allow" ? "Allow" : "Deny",
    properties: rule.properties,
  };
}

function matches(rule: JsonObject, packet: Packet): boolean {
  const protocol = textAt(rule, "protocol")?.toLowerCase();
  return (
    textAt(rule, "direction") === "Inbound" &&
    (protocol === "*" || protocol === packet.protocol) &&
    oneOrMany(rule, "sourcePortRange", "sourcePortRanges").some((text) => includesPort(text, clientPort)) &&
    oneOrMany(rule, "destinationPortRange", "destinationPortRanges").some((text) => includesPort(text, packet.port)) &&
    oneOrMany(rule, "sourceAddressPrefix", "sourceAddressPrefixes").some((text) =>
      includesAddress(text, packet.source, packet.virtualNetwork),
    ) &&
    oneOrMany(rule, "destinationAddressPrefix", "destinationAddressPrefixes").some(
      (text) => packet.destination !== undefined && includesAddress(text, packet.destination, packet.virtualNetwork),
    )
  );
}

/**
 * Evaluates tags as far as flows inside one virtual network can distinguish them: `Internet` is everything outside its
 * address space, and the tag of a service never includes an address of the network.
 */
function includesAddress(prefix: string, address: AddressRange, virtualNetwork: readonly AddressRange[]): boolean {
  const inside = virtualNetwork.some((range) => contains(range, address));
  const probe = parseAddress(loadBalancerProbe);
  const isProbe = probe !== undefined && contains(probe, address);
  switch (prefix.toLowerCase()) {
    case "*":
      return true;
    case "virtualnetwork":
      // The probe address is part of the virtual network (what-is-ip-address-168-63-129-16.md).
      return inside || isProbe;
    case "internet":
      return !inside && !isProbe;
    case "azureloadbalancer":
      return isProbe;
    default: {
      const range = parseRange(prefix);
      return range !== undefined && contains(range, address);
    }
  }
}

function primaryNic(store: ResourceReader, vmId: string): Resource {
  const vm = store.get(vmId);
  if (vm === undefined) throw new ArmError(404, "ResourceNotFound", `The Resource '${vmId}' was not found.`);
  const nic = primaryNicOf(store, vm);
  if (nic === undefined) throw new Error(`The virtual machine ${vmId} has no network interface.`);
  return nic;
}

export function primaryNicOf(store: ResourceReader, vm: Resource): Resource | undefined {
  return store.get(textAt(primaryOf(objectsAt(vm.body, "properties.networkProfile.networkInterfaces")), "id") ?? "");
}

/** Returns the IP configuration to which the interface's security rules and routes apply. */
export function primaryConfiguration(nic: Resource): JsonObject | undefined {
  return primaryOf(objectsAt(nic.body, "properties.ipConfigurations"));
}

function primaryOf(items: readonly JsonObject[]): JsonObject | undefined {
  return items.find((item) => flagAt(item, "properties.primary") === true) ?? items[0];
}

/** Returns the NSGs of the subnet and of the interface, in the order in which inbound traffic meets them. */
export function securityGroupsOf(
  store: ResourceReader,
  nic: Resource,
  configuration: JsonObject | undefined,
): string[] {
  const subnet = store.get(textAt(configuration, "properties.subnet.id") ?? "");
  return [nsgIdOf(subnet), nsgIdOf(nic)].filter((id) => id !== undefined);
}

function nsgIdOf(resource: Resource | undefined): string | undefined {
  return textAt(resource?.body, "properties.networkSecurityGroup.id");
}

function addressSpaceOf(store: ResourceReader, configuration: JsonObject | undefined): AddressRange[] {
  const subnetId = textAt(configuration, "properties.subnet.id") ?? "";
  const network = store.get(ownerIdOf(subnetId));
  return textsAt(network?.body, "properties.addressSpace.addressPrefixes").flatMap((text) => parseRange(text) ?? []);
}
