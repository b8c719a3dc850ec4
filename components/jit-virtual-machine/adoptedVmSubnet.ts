/** Checks an existing subnet that VMs will use. */
import type { GetVirtualNetworkResult } from "@pulumi/azure-native/network/getVirtualNetwork.js";
import { addressesInUse, prefixesOf } from "../bastion-network/adoptedNetwork.ts";
import { isSame, nameIn, virtualNetworkIdOf } from "../shared/armId.ts";
import { regionName } from "@bastion-trail/core/rules/region";
import { capacityProblems } from "../bastion-network/subnetPlan.ts";
import type { Problem } from "../shared/validate.ts";

/** The VMs that will use a subnet. */
export interface SubnetGuests {
  readonly location: string;
  /** Number of VMs. */
  readonly vms: number;
  /**
   * Whether an address of the subnet already belongs to them.
   * @param id - ARM id of the IP configuration that has it.
   */
  readonly isTheirs: (id: string) => boolean;
}

/**
 * Returns every reason why the VMs cannot use the subnet: a network interface must be in the region of its network, and
 * needs a free address.
 * @param network - the network of the subnet, as it is in Azure.
 */
export function vmSubnetFit(
  key: string,
  subnetId: string,
  network: GetVirtualNetworkResult,
  { location, vms, isTheirs }: SubnetGuests,
): Problem[] {
  const subnet = (network.subnets ?? []).find(({ name }) => isSame(name, nameIn(subnetId) ?? ""));
  const problem = (reason: string): Problem => ({ key, value: subnetId, reason });
  if (subnet === undefined) return [problem(`${virtualNetworkIdOf(subnetId)} has no such subnet`)];
  const { location: region = "" } = network;
  const taken = addressesInUse(subnet).filter((id) => !isTheirs(id)).length;
  return [
    ...(regionName(region) === regionName(location)
      ? []
      : [problem(`its network is in ${region}; VMs in ${location} require a network in the same region`)]),
    ...capacityProblems(key, prefixesOf(subnet), vms, taken).map(({ reason }) => problem(reason)),
  ];
}

/** Whether the network has a connected peering with the other one. */
export function isPeered(network: GetVirtualNetworkResult, otherId: string): boolean {
  return (network.virtualNetworkPeerings ?? []).some(
    ({ remoteVirtualNetwork, peeringState }) =>
      isSame(remoteVirtualNetwork?.id, otherId) && peeringState === "Connected",
  );
}
