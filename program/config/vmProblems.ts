/** Which VMs are refused: by the rules of a single VM, by those of the stack, and together. */
import { BastionSku, skusFrom } from "@bastion-trail/components/bastion-host/bastionSku";
import { bastionGroupName } from "@bastion-trail/components/bastion-network/networkName";
import { defaultVmSubnetName } from "@bastion-trail/components/bastion-network/networkRequest";
import { isPort } from "@bastion-trail/components/jit-virtual-machine/jitPorts";
import { vmGroupName } from "@bastion-trail/components/jit-virtual-machine/vmName";
import { virtualMachineProblems } from "@bastion-trail/components/jit-virtual-machine/vmRules";
import { developerSubnetProblems, vmSubnetProblems } from "@bastion-trail/components/jit-virtual-machine/vmSubnetRules";
import { isSame, nameIn, virtualNetworkIdOf } from "@bastion-trail/components/shared/armId";
import { managementPorts } from "@bastion-trail/core/rules/managementPorts";
import type { Problem } from "@bastion-trail/components/shared/validate";
import { isOwnDeveloper, isOwnResource, type NetworkSettings, ownNames, type TrailConfig } from "./settings.ts";

export function vmProblems(config: TrailConfig): Problem[] {
  const { vms, bastion, network } = config;
  const networkId = network.existingVirtualNetworkId;
  const firstOfName = new Map<string, number>();
  return vms.flatMap((vm, index) => {
    const at = (problem: Problem): Problem => ({ ...problem, key: `vms[${index}].${problem.key}` });
    const problems = [
      ...virtualMachineProblems({ ...vm, sessionsRecorded: bastion.sessionRecording }),
      ...bastionGroupProblems(vm.name, network),
      ...unreachablePorts(vm.jitPorts, bastion.sku),
      ...vmSubnetProblems("subnetId", vm.subnetId),
      ...ownSubnetProblems(vm.subnetId, config),
      ...(isOwnDeveloper(bastion) ? developerSubnetProblems("subnetId", vm.subnetId, networkId) : []),
    ].map(at);
    // Azure compares names case-insensitively.
    const first = firstOfName.get(vm.name.toLowerCase());
    if (first === undefined) {
      firstOfName.set(vm.name.toLowerCase(), index);
      return problems;
    }
    return [...problems, at({ key: "name", value: vm.name, reason: `vms[${first}] already has this name` })];
  });
}

/**
 * The default subnet needs no id, and has none before the first deployment. Given as another one, it would get a second flow
 * log, which Azure refuses.
 */
function ownSubnetProblems(subnetId: string | undefined, { namePrefix, network }: TrailConfig): Problem[] {
  if (subnetId === undefined || network.existingVmSubnetId !== undefined) return [];
  const networkId = virtualNetworkIdOf(subnetId);
  const inOwnNetwork =
    network.existingVirtualNetworkId === undefined
      ? isOwnResource(networkId, namePrefix, ownNames(namePrefix).virtualNetwork)
      : isSame(networkId, network.existingVirtualNetworkId);
  return inOwnNetwork && isSame(nameIn(subnetId), defaultVmSubnetName)
    ? [
        {
          key: "subnetId",
          value: subnetId,
          reason: "this stack itself creates the subnet of this id, and VMs are in it by default; remove the property",
        },
      ]
    : [];
}

/** The stack's security groups are in one resource group: that of `AzureBastionSubnet` and one for each VM. */
function bastionGroupProblems(vmName: string, network: NetworkSettings): Problem[] {
  const networkName = network.virtualNetworkName ?? nameIn(network.existingVirtualNetworkId ?? "");
  if (network.bastionSubnetPrefix === undefined || networkName === undefined) return [];
  const group = bastionGroupName(networkName);
  return isSame(vmGroupName(vmName), group)
    ? [
        {
          key: "name",
          value: vmName,
          reason: `its network security group would be ${group}, which is that of AzureBastionSubnet; choose another name`,
        },
      ]
    : [];
}

/** Custom ports require Standard or Premium (bastion-sku-comparison.md). An invalid port already has a problem. */
function unreachablePorts(ports: readonly number[], sku: BastionSku | undefined): Problem[] {
  if (sku !== BastionSku.Developer && sku !== BastionSku.Basic) return [];
  return ports.flatMap((port, index) =>
    managementPorts.includes(port) || !isPort(port) || ports.indexOf(port) < index
      ? []
      : [
          {
            key: `jitPorts[${index}]`,
            value: port,
            reason: `the SKU ${sku} connects only to ports ${managementPorts.join(" and ")}; other ports require ${skusFrom(BastionSku.Standard)}`,
          },
        ],
  );
}
