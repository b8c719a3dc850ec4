/** Reads an existing virtual network and its subnets, and checks that a bastion network fits into them. */
import { getSubnet, type GetSubnetResult } from "@pulumi/azure-native/network/getSubnet.js";
import { getVirtualNetwork, type GetVirtualNetworkResult } from "@pulumi/azure-native/network/getVirtualNetwork.js";
import type { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import type * as pulumi from "@pulumi/pulumi";
import { bastionSubnetName } from "@bastion-trail/core/rules/bastionSubnet";
import { isSame, locate, virtualNetworkIdOf } from "../shared/armId.ts";
import { accepted, type Lookup, lookUp } from "../shared/lookup.ts";
import type { NetworkRequest } from "./networkRequest.ts";
import { adoptedBastionSubnetProblems, adoptedNetworkProblems, type PresentSubnet } from "./subnetPlan.ts";
import { regionName } from "@bastion-trail/core/rules/region";
import { judged, type Problem, refuse } from "../shared/validate.ts";
import { hook } from "../shared/hook.ts";
import { present, textsIn } from "../shared/liveResource.ts";

/** The virtual network in which subnets are created. */
export interface VirtualNetworkInUse {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  /** The resource, if the network is created by this component. */
  readonly resource?: VirtualNetwork;
}

export function lookUpNetwork(
  key: string,
  id: string,
  opts: pulumi.InvokeOptions,
): Promise<Lookup<GetVirtualNetworkResult>> {
  return lookUp(key, id, ({ resourceGroupName, name }) =>
    getVirtualNetwork({ resourceGroupName, virtualNetworkName: name }, opts),
  );
}

/** Returns every reason why the settings do not fit an existing network. */
export function adoptedNetworkFit(live: GetVirtualNetworkResult, location: string, request: NetworkRequest): Problem[] {
  return [...regionProblems(live, location), ...subnetProblems(live, request)];
}

/**
 * Reads an existing network. Its name and resource group resolve only if the settings fit it, so that a subnet that
 * uses them is never sent to Azure otherwise.
 */
export function adoptVirtualNetwork(
  subject: string,
  id: pulumi.Input<string>,
  location: pulumi.Input<string>,
  request: pulumi.Output<NetworkRequest>,
  opts: pulumi.InvokeOptions,
): VirtualNetworkInUse {
  const fitting = judged(
    { wanted: id, region: location, asked: request },
    async ({ wanted, region, asked }: { wanted: string; region: string; asked: NetworkRequest }) => {
      const found = await lookUpNetwork("existingVirtualNetworkId", wanted, opts);
      const live = accepted(subject, found, (network) => adoptedNetworkFit(network, region, asked));
      return { id: live.id ?? wanted, ...locate(wanted) };
    },
  );
  return { id: fitting.id, name: fitting.name, resourceGroupName: fitting.resourceGroupName };
}

/**
 * Returns a hook for a subnet in an adopted network. It refuses to create the subnet if it exists, also in a preview;
 * Pulumi itself would refuse only in the middle of the deployment.
 */
export function refusesPresentSubnet(
  subject: string,
  purpose: string,
  opts: pulumi.InvokeOptions,
): pulumi.ResourceHook {
  return hook(
    subject,
    purpose,
    async ({ newInputs = {} }) => {
      const { addressPrefix } = newInputs as Record<string, unknown>;
      const place = textsIn(newInputs, "resourceGroupName", "virtualNetworkName", "subnetName");
      if (place === undefined || (await present(getSubnet(place, opts))) === undefined) return;
      refuse(subject, [presentSubnetProblem(place.subnetName, addressPrefix)]);
    },
    { onDryRun: true },
  );
}

/**
 * Reads an existing subnet: its id and its IPv4 range. Refuses an `AzureBastionSubnet` that is too small for Bastion.
 */
export function adoptSubnet(
  subject: string,
  key: string,
  id: pulumi.Input<string>,
  opts: pulumi.InvokeOptions,
): { id: pulumi.Output<string>; prefix: pulumi.Output<string> } {
  const fitting = judged(id, async (wanted: string) => {
    const live = accepted(subject, await lookUpSubnet(key, wanted, opts), (subnet) =>
      adoptedSubnetFit(wanted, prefixesOf(subnet)),
    );
    return { id: live.id ?? wanted, prefix: ipv4Prefix(prefixesOf(live)) };
  });
  return { id: fitting.id, prefix: fitting.prefix };
}

function lookUpSubnet(key: string, id: string, opts: pulumi.InvokeOptions): Promise<Lookup<GetSubnetResult>> {
  const { resourceGroupName, name: virtualNetworkName } = locate(virtualNetworkIdOf(id));
  return lookUp(key, id, ({ name }) => getSubnet({ resourceGroupName, virtualNetworkName, subnetName: name }, opts));
}

/** Returns the reason why an existing subnet cannot be used, if any: an `AzureBastionSubnet` that is too small. */
export function adoptedSubnetFit(id: string, prefixes: readonly string[]): Problem[] {
  return isSame(locate(id).name, bastionSubnetName) ? adoptedBastionSubnetProblems(id, ipv4Prefix(prefixes)) : [];
}

function ipv4Prefix(prefixes: readonly string[]): string {
  return prefixes.find((range) => !range.includes(":")) ?? "";
}

/** Returns the reason why an existing network is in the wrong region, if it is. */
function regionProblems({ location: region = "" }: GetVirtualNetworkResult, location: string): Problem[] {
  return regionName(region) === regionName(location)
    ? []
    : [
        {
          key: "location",
          value: location,
          reason: `the adopted network is in ${region}; Azure Bastion must be in the same region as its network`,
        },
      ];
}

function subnetProblems(live: GetVirtualNetworkResult, request: NetworkRequest): Problem[] {
  const own = subnetsToCreate(request);
  const present: PresentSubnet[] = (live.subnets ?? [])
    .map((subnet) => ({ name: subnet.name ?? "", prefixes: prefixesOf(subnet) }))
    .filter((subnet) => !own.some(({ name }) => isSame(name, subnet.name)));
  return adoptedNetworkProblems({ ...request, addressSpace: live.addressSpace?.addressPrefixes ?? [] }, present);
}

function subnetsToCreate({ bastionSubnetPrefix, vmSubnetPrefix, vmSubnetName }: NetworkRequest) {
  return [
    { name: bastionSubnetName, prefix: bastionSubnetPrefix },
    { name: vmSubnetName, prefix: vmSubnetPrefix },
  ].filter(({ prefix }) => prefix !== undefined);
}

/**
 * Returns every subnet that a first deployment would create although the network has it. Later deployments find their
 * own subnets in the network.
 */
export function presentSubnetProblems(live: GetVirtualNetworkResult, request: NetworkRequest): Problem[] {
  return subnetsToCreate(request)
    .filter((wanted) => (live.subnets ?? []).some(({ name }) => isSame(name, wanted.name)))
    .map(({ name, prefix }) => presentSubnetProblem(name, prefix));
}

function presentSubnetProblem(name: string, prefix: unknown): Problem {
  const isBastion = isSame(name, bastionSubnetName);
  return {
    key: isBastion ? "bastionSubnetPrefix" : "vmSubnetPrefix",
    value: prefix,
    reason: `the adopted network already has a subnet ${name}; set ${isBastion ? "existingBastionSubnetId" : "existingVmSubnetId"} to use it`,
  };
}

/** Returns the ARM ids of the Bastion hosts in the `AzureBastionSubnet` of an existing network. */
export function bastionHostsIn({ subnets = [] }: GetVirtualNetworkResult): string[] {
  return subnets.flatMap((subnet) => {
    if (!isSame(subnet.name, bastionSubnetName)) return [];
    return addressesInUse(subnet).flatMap((id) => /^.*\/bastionHosts\/[^/]+/i.exec(id)?.[0] ?? []);
  });
}

/** Returns the ARM ids of the IP configurations that have an address of the subnet. */
export function addressesInUse(subnet: Pick<GetSubnetResult, "ipConfigurations">): string[] {
  // Azure omits the list if the subnet is empty, although azure-native's types do not say so.
  return ((subnet as Partial<typeof subnet>).ipConfigurations ?? []).map(({ id = "" }) => id);
}

/** Returns the ranges of a subnet: either one prefix or, since API version 2018-02-01, a list. */
export function prefixesOf(subnet: { addressPrefix?: string; addressPrefixes?: string[] }): string[] {
  return subnet.addressPrefixes !== undefined && subnet.addressPrefixes.length > 0
    ? subnet.addressPrefixes
    : [subnet.addressPrefix].filter((prefix) => prefix !== undefined);
}
