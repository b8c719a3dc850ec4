/** Checks an existing subnet in which VMs are to be. */
import type { GetVirtualNetworkResult } from "@pulumi/azure-native/network/getVirtualNetwork.js";
import { prefixesOf } from "../bastion-network/adoptedNetwork.ts";
import { isSame, nameIn, virtualNetworkIdOf } from "../shared/armId.ts";
import { regionName } from "@bastion-trail/core/rules/region";
import { capacityProblems } from "../bastion-network/subnetPlan.ts";
import type { Problem } from "../shared/validate.ts";

/** The VMs that are to be in a subnet. */
export interface SubnetGuests {
  readonly location: string;
  /** How many there are. */
  readonly vms: number;
  /** Whether an address of the subnet is already theirs. @param id - ARM id of the IP configuration that has it. */
  readonly isTheirs: (id: string) => boolean;
}

/**
 * Every reason for which the VMs cannot be in the subnet: a network interface must be in the region of its network, and have a
 * free address.
 * @param network - the network of the subnet, as Azure has it.
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
  // Azure leaves the list out where nothing is in the subnet, though azure-native's types do not say so.
  const addresses = (subnet as { ipConfigurations?: readonly { id?: string }[] }).ipConfigurations ?? [];
  const taken = addresses.filter(({ id = "" }) => !isTheirs(id)).length;
  return [
    ...(regionName(region) === regionName(location)
      ? []
      : [problem(`its network is in ${region}; VMs in ${location} require a network in the same region`)]),
    ...capacityProblems(key, prefixesOf(subnet), vms, taken).map(({ reason }) => problem(reason)),
  ];
}

/** Whether a network is peered with the other one, and the peering works. */
export function isPeered(network: GetVirtualNetworkResult, otherId: string): boolean {
  return (network.virtualNetworkPeerings ?? []).some(
    ({ remoteVirtualNetwork, peeringState }) =>
      isSame(remoteVirtualNetwork?.id, otherId) && peeringState === "Connected",
  );
}
