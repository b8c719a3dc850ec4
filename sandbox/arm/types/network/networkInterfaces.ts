import { createHash, randomUUID } from "node:crypto";
import { defined, flagAt, objectAt, objectsAt, textAt, valueAt, withProperties, type JsonObject } from "../../json.ts";
import { badRequest } from "../../armError.ts";
import { sameId, nameOf, ownerIdOf } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { isRunning } from "../compute/powerState.ts";
import { missingReference, requireReference } from "../references.ts";
import { effectiveRoutes } from "./effectiveRoutes.ts";
import { effectiveSecurityGroups } from "./effectiveRules.ts";
import { networkName } from "./names.ts";
import { networkType } from "./networkType.ts";
import { checkAddress, nextFreeAddress } from "./privateAddresses.ts";
import { publicIpAddressType } from "./publicIpAddresses.ts";
import { holderOfPublicIp, isBastionSubnet, networkInterfaceType, subnetType } from "./usage.ts";

export default networkType({
  type: networkInterfaceType,
  model: "network:NetworkInterface",
  sdk: "network.NetworkInterface",
  scope: "resourceGroup",
  name: networkName(),
  location: "required",
  refine: { "NetworkInterfaceIPConfiguration.name": { required: true } },
  answers: {
    effectiveNetworkSecurityGroups: "network:EffectiveNetworkSecurityGroup",
    effectiveRouteTable: "network:EffectiveRoute",
    ipConfigurations: "network:NetworkInterfaceIPConfiguration",
  },
  put: "async",
  delete: "async",
  patch: { of: "tags", completion: "sync" },
  check,
  complete(context) {
    const existing = context.existing?.body;
    const guid = textAt(existing, "properties.resourceGuid") ?? randomUUID();
    return {
      body: withProperties(context.body, {
        ...defined({
          virtualMachine: valueAt(existing, "properties.virtualMachine"),
          primary: valueAt(existing, "properties.primary"),
          macAddress: valueAt(existing, "properties.macAddress"),
        }),
        provisioningState: "Succeeded",
        resourceGuid: guid,
        ipConfigurations: completeConfigurations(context),
        dnsSettings: {
          dnsServers: [],
          ...objectAt(context.body, "properties.dnsSettings"),
          appliedDnsServers: [],
          internalDomainNameSuffix: `${suffixOf(guid)}.bx.internal.cloudapp.net`,
        },
        enableAcceleratedNetworking: flagAt(context.body, "properties.enableAcceleratedNetworking") ?? false,
        enableIPForwarding: flagAt(context.body, "properties.enableIPForwarding") ?? false,
        disableTcpStateTracking: flagAt(context.body, "properties.disableTcpStateTracking") ?? false,
        vnetEncryptionSupported: false,
        hostedWorkloads: [],
        tapConfigurations: [],
        nicType: textAt(context.body, "properties.nicType") ?? "Standard",
        auxiliaryMode: textAt(context.body, "properties.auxiliaryMode") ?? "None",
        auxiliarySku: textAt(context.body, "properties.auxiliarySku") ?? "None",
      }),
    };
  },
  checkDelete({ existing }) {
    const vm = textAt(existing.body, "properties.virtualMachine.id");
    if (vm === undefined) return;
    throw badRequest(
      "NicInUse",
      `Network Interface ${existing.id} is used by existing resource ${vm}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
    );
  },
  actions: {
    effectiveNetworkSecurityGroups: ({ store, resource }) => {
      requireRunningVm(store, resource, "effective network security groups");
      return { status: 200, body: effectiveSecurityGroups(store, resource), longRunning: true };
    },
    effectiveRouteTable: ({ store, resource }) => {
      requireRunningVm(store, resource, "effective route table");
      return { status: 200, body: effectiveRoutes(store, resource), longRunning: true };
    },
  },
  reads: {
    ipConfigurations: ({ resource }) => ({ value: objectsAt(resource.body, "properties.ipConfigurations") }),
  },
});

function requireRunningVm(store: ResourceReader, nic: Resource, asked: string): void {
  const vm = store.get(textAt(nic.body, "properties.virtualMachine.id") ?? "");
  if (vm !== undefined && isRunning(vm)) return;
  throw badRequest(
    "NicMustBeAttachedToRunningVm",
    `Network interface ${nic.id} must be attached to a running virtual machine to get its ${asked}.`,
  );
}

/**
 * Returns the body of an interface attached to a VM: with the back reference, and the MAC address that Azure assigns on
 * attaching.
 */
export function attached(nic: Resource, vmId: string, primary: boolean): JsonObject {
  const guid = textAt(nic.body, "properties.resourceGuid") ?? nic.id;
  return withProperties(nic.body, {
    virtualMachine: { id: vmId },
    primary,
    macAddress: textAt(nic.body, "properties.macAddress") ?? macAddressOf(guid),
  });
}

/** Returns the body of a network interface that is no longer used by a VM. */
export function detached(nic: Resource): JsonObject {
  const own = Object.entries(objectAt(nic.body, "properties")).filter(
    ([member]) => !["virtualMachine", "primary", "macAddress"].includes(member),
  );
  return { ...nic.body, properties: Object.fromEntries(own) };
}

function check(context: PutContext): void {
  const location = textAt(context.body, "location") ?? "";
  const configurations = objectsAt(context.body, "properties.ipConfigurations");
  if (configurations.length === 0) {
    throw badRequest(
      "NetworkInterfaceMustHaveAtLeastOneIpConfiguration",
      `Network interface ${context.id} must have at least one IP configuration.`,
    );
  }
  const nsgId = textAt(context.body, "properties.networkSecurityGroup.id");
  if (nsgId !== undefined) {
    requireReference(context.store, nsgId, "Microsoft.Network/networkSecurityGroups", {
      id: context.id,
      location,
      path: "properties.networkSecurityGroup.id",
    });
  }
  for (const configuration of configurations) checkConfiguration(context, location, configuration);
  checkOneNetwork(context, configurations);
}

/**
 * The IP configurations of an interface are in one virtual network, which it keeps (azure-docs,
 * virtual-network-network-interface.md, "Change subnet assignment").
 */
function checkOneNetwork({ id, existing }: PutContext, configurations: readonly JsonObject[]): void {
  const before = objectsAt(existing?.body, "properties.ipConfigurations");
  const subnets = [...before, ...configurations].map((one) => textAt(one, "properties.subnet.id") ?? "");
  const [first = ""] = subnets;
  const other = subnets.find((subnet) => !sameId(ownerIdOf(subnet), ownerIdOf(first)));
  if (other === undefined) return;
  throw badRequest(
    "SubnetsNotInSameVnet",
    `Subnet ${other} is not in the same virtual network as subnet ${first}. All subnets that network interface ${id} refers to must be in the same virtual network.`,
  );
}

function checkConfiguration(context: PutContext, location: string, configuration: JsonObject): void {
  const id = configurationId(context, configuration);
  const from = (path: string) => ({ id: context.id, location, path });
  const path = "properties.ipConfigurations[0].properties";
  const subnetId = textAt(configuration, "properties.subnet.id");
  if (subnetId === undefined) {
    throw badRequest("SubnetIsRequired", `A subnet must be specified for IP configuration ${id}.`);
  }
  const subnet = requireReference(context.store, subnetId, subnetType, from(`${path}.subnet.id`));
  if (isBastionSubnet(nameOf(subnet.id))) {
    throw badRequest(
      "AzureBastionSubnetCannotBeUsedByOtherResources",
      `Subnet ${subnet.id} is reserved for Azure Bastion and cannot be used by ${id}.`,
    );
  }
  const publicIpId = textAt(configuration, "properties.publicIPAddress.id");
  if (publicIpId !== undefined) {
    requireReference(context.store, publicIpId, publicIpAddressType, from(`${path}.publicIPAddress.id`));
    checkPublicIpFree(context, publicIpId, id);
  }
  // The sandbox has no application security groups.
  const [group] = objectsAt(configuration, "properties.applicationSecurityGroups");
  if (group !== undefined) throw missingReference(textAt(group, "id") ?? "", context);
  const address = textAt(configuration, "properties.privateIPAddress");
  const method = textAt(configuration, "properties.privateIPAllocationMethod")?.toLowerCase();
  if (method === "static" && address === undefined) {
    throw badRequest(
      "StaticIPAddressNotSpecified",
      `A private IP address must be specified for IP configuration ${id} because its allocation method is Static.`,
    );
  }
  if (method === "static" && address !== undefined) checkAddress(context.store, subnet, address, id);
}

/** @throws ArmError `PublicIPAddressInUse` if the address belongs to another IP configuration. */
export function checkPublicIpFree(context: PutContext, publicIpId: string, configurationId: string): void {
  const holder = holderOfPublicIp(context.store, publicIpId);
  if (holder === undefined || sameId(holder, configurationId)) return;
  throw badRequest(
    "PublicIPAddressInUse",
    `Resource ${configurationId} is referencing public IP address ${publicIpId} that is already allocated to resource ${holder}.`,
  );
}

function completeConfigurations(context: PutContext): JsonObject[] {
  const before = objectsAt(context.existing?.body, "properties.ipConfigurations");
  const configurations = objectsAt(context.body, "properties.ipConfigurations");
  const isPrimaryNamed = configurations.some((configuration) => flagAt(configuration, "properties.primary") === true);
  const taken = new Set<string>();
  return configurations.map((configuration, index) => {
    const name = textAt(configuration, "name") ?? "";
    const properties = objectAt(configuration, "properties");
    const old = before.find((other) => textAt(other, "name") === name);
    const address = addressFor(context, properties, old, taken);
    taken.add(address);
    return {
      name,
      id: configurationId(context, configuration),
      type: "Microsoft.Network/networkInterfaces/ipConfigurations",
      properties: {
        ...properties,
        provisioningState: "Succeeded",
        privateIPAddress: address,
        privateIPAllocationMethod: textAt(properties, "privateIPAllocationMethod") ?? "Dynamic",
        privateIPAddressVersion: textAt(properties, "privateIPAddressVersion") ?? "IPv4",
        primary: isPrimaryNamed ? (flagAt(properties, "primary") ?? false) : index === 0,
      },
    };
  });
}

/** A dynamic address is kept as long as its configuration stays in its subnet. */
function addressFor(
  context: PutContext,
  properties: JsonObject,
  old: JsonObject | undefined,
  taken: ReadonlySet<string>,
): string {
  const asked = textAt(properties, "privateIPAddress");
  if (textAt(properties, "privateIPAllocationMethod")?.toLowerCase() === "static" && asked !== undefined) return asked;
  const subnetId = textAt(properties, "subnet.id") ?? "";
  const kept = textAt(old, "properties.privateIPAddress");
  if (kept !== undefined && sameId(textAt(old, "properties.subnet.id") ?? "", subnetId)) return kept;
  const subnet = context.store.get(subnetId);
  if (subnet === undefined) throw new Error(`The subnet ${subnetId} went away while ${context.id} was written.`);
  return nextFreeAddress(context.store, subnet, taken);
}

function configurationId(context: PutContext, configuration: JsonObject): string {
  return `${context.id}/ipConfigurations/${textAt(configuration, "name") ?? ""}`;
}

/** Azure's range of MAC addresses starts with 00-0D-3A. */
function macAddressOf(guid: string): string {
  const hash = createHash("sha256").update(guid).digest("hex").toUpperCase();
  return `00-0D-3A-${hash.slice(0, 2)}-${hash.slice(2, 4)}-${hash.slice(4, 6)}`;
}

function suffixOf(guid: string): string {
  return BigInt(`0x${createHash("sha256").update(guid).digest("hex").slice(0, 32)}`).toString(36);
}
