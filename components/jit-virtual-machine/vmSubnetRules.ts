/** Which subnet a VM can be in. Pure rules. */
import { idProblems, isSame, nameIn, virtualNetworkIdOf } from "../shared/armId.ts";
import { bastionSubnetName } from "../bastion-network/subnetPlan.ts";
import type { Problem } from "../shared/validate.ts";

/** The reason for which no VM can be in the subnet, if there is one. */
export function vmSubnetProblems(key: string, subnetId: string | undefined): Problem[] {
  const wrongId = idProblems(key, subnetId, "Microsoft.Network/virtualNetworks/subnets");
  if (wrongId.length > 0 || !isSame(nameIn(subnetId ?? ""), bastionSubnetName)) return wrongId;
  return [{ key, value: subnetId, reason: `${bastionSubnetName} is reserved for Azure Bastion` }];
}

/**
 * The reason for which a Developer host cannot reach the subnet, if there is one: it does not cross peerings
 * (bastion-sku-comparison.md).
 * @param networkId - ARM id of the host's virtual network; `undefined` if it is created with the host.
 */
export function developerSubnetProblems(
  key: string,
  subnetId: string | undefined,
  networkId: string | undefined,
): Problem[] {
  if (subnetId === undefined || (networkId !== undefined && isSame(virtualNetworkIdOf(subnetId), networkId))) return [];
  return [
    {
      key,
      value: subnetId,
      reason: `must be a subnet of ${networkId ?? "the new virtual network"}: the Developer SKU does not reach peered networks`,
    },
  ];
}
