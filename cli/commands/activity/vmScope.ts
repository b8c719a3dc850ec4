/** Determines the rules that concern a VM: those of its network security groups that include its address. */
import type { ArmAccess } from "../../armAccess.ts";
import { AzureFailure } from "../../azure/failure.ts";
import { listNetworkInterfaces } from "../../azure/networkInventory.ts";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";
import { listVirtualMachines } from "../../azure/virtualMachine.ts";
import { readSubnet } from "../../azure/subnets.ts";
import { isInside } from "../../rules/addressRanges.ts";
import type { KnownVm } from "../../settings/settingValues.ts";
import { isVm } from "../../names/vmName.ts";

/** A VM as `--vm` names it, with its place in the network as far as it is known. */
export interface VmScope {
  /** Name, `GROUP/NAME` or ARM id, as given. */
  readonly wanted: string;
  readonly addresses: readonly string[];
  /** ARM ids of the groups of its interfaces and their subnets; `undefined` if unknown. */
  readonly nsgIds: readonly string[] | undefined;
}

/** The place of a VM according to the stack's outputs. */
export function scopeInOutputs(wanted: string, known: readonly KnownVm[]): VmScope {
  const vm = known.find((one) => isVm(one, wanted));
  return {
    wanted,
    addresses: vm === undefined ? [] : [vm.privateIp],
    nsgIds: vm?.nsgId === undefined ? undefined : [vm.nsgId],
  };
}

/**
 * Adds the current place of a VM in Azure to that in the outputs.
 * @returns the scope unchanged, with the problem as a sentence, if the place cannot be read from Azure.
 */
export async function scopeInAzure(
  { arm, settings }: ArmAccess,
  scope: VmScope,
): Promise<{ readonly scope: VmScope; readonly problem?: string }> {
  const { wanted, addresses, nsgIds = [] } = scope;
  const subscriptionId = await settings.need("subscriptionId");
  try {
    const vms = await listVirtualMachines(arm, subscriptionId);
    const meant = vms.filter((vm) => isVm(vm, wanted)).map(({ id }) => id);
    const nics = (await listNetworkInterfaces(arm, subscriptionId)).filter(
      ({ vmId }) => vmId !== null && meant.some((id) => isSameIgnoringCase(id, vmId)),
    );
    if (nics.length === 0) return { scope, problem: `VM '${wanted}' not found in the subscription.` };
    const subnetIds = new Set(nics.flatMap((nic) => nic.addresses.flatMap(({ subnetId }) => subnetId ?? [])));
    const subnets = await Promise.all([...subnetIds].map((id) => readSubnet(arm, id)));
    const own = nics.flatMap((nic) => nic.addresses.map(({ privateIp }) => privateIp));
    const groups = [...nics, ...subnets].flatMap(({ nsgId }) => nsgId ?? []);
    return { scope: { wanted, addresses: [...addresses, ...own], nsgIds: [...nsgIds, ...groups] } };
  } catch (error) {
    if (error instanceof AzureFailure) return { scope, problem: error.message };
    throw error;
  }
}

/** Whether a network security group protects the VM. */
export function isBefore({ nsgIds = [] }: VmScope, nsgId: string): boolean {
  return nsgIds.some((id) => isSameIgnoringCase(id, nsgId));
}

/** Whether a rule's destination is, contains or may contain an address of the VM. */
export function mayReach({ addresses }: VmScope, destination: string): boolean {
  if (destination.startsWith("/") || destination.toLowerCase() === "virtualnetwork") return true;
  return addresses.length === 0 || addresses.some((address) => isInside(address, destination));
}

/** Whether a rule names an address of the VM, alone or in a range other than `*`. */
export function namesAddress({ addresses }: VmScope, destination: string): boolean {
  return /^[0-9a-f.:]+(?:\/\d+)?$/i.test(destination) && addresses.some((address) => isInside(address, destination));
}
