/** Reads a virtual network and subnets that exist, and checks that a bastion network fits them. */
import { getSubnetOutput } from "@pulumi/azure-native/network/getSubnet.js";
import {
  type GetVirtualNetworkResult,
  getVirtualNetworkOutput,
} from "@pulumi/azure-native/network/getVirtualNetwork.js";
import type { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import * as pulumi from "@pulumi/pulumi";
import { identityProblems, isSame, locate, virtualNetworkIdOf } from "./armId.ts";
import type { NetworkRequest } from "./networkRequest.ts";
import {
  adoptedBastionSubnetProblems,
  adoptedNetworkProblems,
  bastionSubnetName,
  type PresentSubnet,
} from "./subnetPlan.ts";
import { regionName } from "./storageRules.ts";
import { type Problem, refuse } from "./validate.ts";

/** The virtual network that subnets are created in. */
export interface VirtualNetworkInUse {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  /** The resource, if the network is created here. */
  readonly resource?: VirtualNetwork;
}

/**
 * Reads an existing network. Its name and group become known only after the request was found to fit it, so that a
 * subnet created with them is never sent to Azure otherwise.
 */
export function adoptedVirtualNetwork(
  subject: string,
  id: pulumi.Input<string>,
  location: pulumi.Input<string>,
  request: pulumi.Output<NetworkRequest>,
  opts: pulumi.InvokeOutputOptions,
): VirtualNetworkInUse {
  const where = pulumi.output(id).apply(locate);
  const found = getVirtualNetworkOutput(
    { resourceGroupName: where.resourceGroupName, virtualNetworkName: where.name },
    opts,
  );
  const fitting = pulumi.all([found, id, location, request]).apply(([live, wanted, region, asked]) => {
    refuse(subject, [
      ...identityProblems("existingVirtualNetworkId", wanted, live.id),
      ...regionProblems(live, region),
      ...subnetProblems(live, asked),
    ]);
    return { id: live.id ?? wanted, ...locate(wanted) };
  });
  return { id: fitting.id, name: fitting.name, resourceGroupName: fitting.resourceGroupName };
}

/** An existing subnet: its id, and its IPv4 range. Refused when it is `AzureBastionSubnet` and too small for Bastion. */
export function adoptedSubnet(
  subject: string,
  id: pulumi.Input<string>,
  opts: pulumi.InvokeOutputOptions,
): { id: pulumi.Output<string>; prefix: pulumi.Output<string> } {
  const where = pulumi.output(id).apply((subnetId) => {
    const { resourceGroupName, name: virtualNetworkName } = locate(virtualNetworkIdOf(subnetId));
    return { resourceGroupName, virtualNetworkName, subnetName: locate(subnetId).name };
  });
  const found = getSubnetOutput(
    {
      resourceGroupName: where.resourceGroupName,
      virtualNetworkName: where.virtualNetworkName,
      subnetName: where.subnetName,
    },
    opts,
  );
  const fitting = pulumi.all([found, id]).apply(([live, wanted]) => {
    const prefix = prefixesOf(live).find((range) => !range.includes(":")) ?? "";
    refuse(subject, isSame(locate(wanted).name, bastionSubnetName) ? adoptedBastionSubnetProblems(wanted, prefix) : []);
    return { id: live.id ?? wanted, prefix };
  });
  return { id: fitting.id, prefix: fitting.prefix };
}

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
  const own = [
    ...(request.bastionSubnetPrefix === undefined ? [] : [bastionSubnetName]),
    ...(request.vmSubnetPrefix === undefined ? [] : [request.vmSubnetName]),
  ];
  const present: PresentSubnet[] = (live.subnets ?? [])
    .map((subnet) => ({ name: subnet.name ?? "", prefixes: prefixesOf(subnet) }))
    .filter((subnet) => !own.some((name) => isSame(name, subnet.name)));
  return adoptedNetworkProblems({ ...request, addressSpace: live.addressSpace?.addressPrefixes ?? [] }, present);
}

/** A subnet has either one prefix or, since API version 2018-02-01, a list of them. */
function prefixesOf(subnet: { addressPrefix?: string; addressPrefixes?: string[] }): string[] {
  return subnet.addressPrefixes !== undefined && subnet.addressPrefixes.length > 0
    ? subnet.addressPrefixes
    : [subnet.addressPrefix].filter((prefix) => prefix !== undefined);
}
