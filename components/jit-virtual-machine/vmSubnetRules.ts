/** Which subnets a VM can use. Pure rules. */
import { idProblems, isSame, nameIn, virtualNetworkIdOf } from "../shared/armId.ts";
import { reservedSubnetProblems } from "../bastion-network/subnetPlan.ts";
import { type HookInputs, membersOf } from "../shared/hookInputs.ts";
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

/**
 * Compares the inputs of a VM's network interface and returns the reason why it cannot change its subnet, if any: "You
 * can change the subnet, but not the virtual network" (azure-docs, virtual-network-network-interface.md).
 */
export function networkMoveProblems(before: HookInputs, after: HookInputs): Problem[] {
  const [was, wanted] = [subnetIn(before), subnetIn(after)];
  if (was === undefined || wanted === undefined) return [];
  const network = virtualNetworkIdOf(was);
  return isSame(virtualNetworkIdOf(wanted), network)
    ? []
    : [
        {
          key: "vmSubnetId",
          value: wanted,
          reason: `the VM is in ${network}, and Azure cannot move it to another virtual network; set it back, or remove the VM before adding it again`,
        },
      ];
}

/** Returns the id of the subnet; `undefined` if it is not known yet. */
function subnetIn({ ipConfigurations }: HookInputs): string | undefined {
  const [first] = Object.values(membersOf(ipConfigurations));
  const { id } = membersOf(membersOf(first).subnet);
  return typeof id === "string" ? id : undefined;
}
