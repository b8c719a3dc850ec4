import { textAt, valueAt } from "../arm/json.ts";
import type { Resource, ResourceReader } from "../arm/resource.ts";
import { ArmError, conflict } from "../arm/armError.ts";
import { vmNetworkOf, type VmNetwork } from "../arm/types/security/vmNetwork.ts";

const vmType = "Microsoft.Compute/virtualMachines";

/** A VM to connect to. */
export interface TargetVm {
  readonly vm: Resource;
  readonly network: VmNetwork;
  readonly protocol: "ssh" | "rdp";
  readonly account: string | undefined;
}

/**
 * Finds a VM by name or ARM id.
 * @throws ArmError `ResourceNotFound` if there is none, `AmbiguousName` if several VMs have the name.
 */
export function findVm(store: ResourceReader, nameOrId: string): TargetVm {
  const vms = store.ofType(vmType);
  const found = nameOrId.startsWith("/")
    ? vms.filter(({ id }) => id.toLowerCase() === nameOrId.toLowerCase())
    : vms.filter(({ name }) => name.toLowerCase() === nameOrId.toLowerCase());
  const [vm, second] = found;
  if (vm === undefined) {
    const names = vms.map(({ name }) => name).join(", ");
    throw new ArmError(
      404,
      "ResourceNotFound",
      `VM '${nameOrId}' not found. ${names === "" ? "The subscription has none." : `The subscription has: ${names}.`}`,
    );
  }
  if (second !== undefined) {
    throw conflict(
      "AmbiguousName",
      `Several VMs have the name '${nameOrId}'. Use the id: ${found.map(({ id }) => id).join(", ")}.`,
    );
  }
  const network = vmNetworkOf(store, vm);
  if (network === undefined) {
    throw conflict("NoNetworkInterface", `The virtual machine '${vm.name}' has no network interface with an address.`);
  }
  return {
    vm,
    network,
    protocol: isWindows(vm) ? "rdp" : "ssh",
    account: textAt(vm.body, "properties.osProfile.adminUsername"),
  };
}

function isWindows(vm: Resource): boolean {
  return (
    textAt(vm.body, "properties.storageProfile.osDisk.osType") === "Windows" ||
    valueAt(vm.body, "properties.osProfile.windowsConfiguration") !== undefined
  );
}
