/** Which subnets a VM can use. Pure rules. */
import { idProblems, isSame, nameIn, virtualNetworkIdOf } from "../shared/armId.ts";
import { reservedSubnetProblems } from "../bastion-network/subnetPlan.ts";
import type { Problem } from "../shared/validate.ts";

/** Returns the reason why no VM can use the subnet, if any. */
export function vmSubnetProblems(key: string, subnetId: string | undefined): Problem[] {
  const wrongId = idProblems(key, subnetId, "Microsoft.Network/virtualNetworks/subnets");
  return wrongId.length > 0 || subnetId === undefined
    ? wrongId
    : reservedSubnetProblems(key, subnetId, nameIn(subnetId));
}

/**
 * Returns the reason why a Developer host cannot reach the subnet, if any: it does not reach peered networks
 * (bastion-sku-comparison.md).
 * @param networkId - ARM id of the host's virtual network; `undefined` if it is created together with the host.
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
