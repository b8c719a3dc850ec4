import { flagAt, objectsAt, textAt } from "../../bodies.ts";
import type { Resource, ResourceReader } from "../../resource.ts";

/** The network location of a VM, read from its primary NIC. */
export interface VmNetwork {
  readonly nicId: string;
  readonly subnetId: string;
  readonly privateIpAddress: string;
  /** The NSGs of the NIC and of the subnet, if any. */
  readonly nsgIds: readonly string[];
}

/** Returns the network location; `undefined` if the VM has no NIC with an address. */
export function vmNetworkOf(store: ResourceReader, vm: Resource): VmNetwork | undefined {
  const nics = objectsAt(vm.body, "properties.networkProfile.networkInterfaces");
  const primary = nics.find((nic) => flagAt(nic, "properties.primary") === true) ?? nics[0];
  const nic = store.get(textAt(primary, "id") ?? "");
  const configurations = objectsAt(nic?.body, "properties.ipConfigurations");
  const configuration = configurations.find((each) => flagAt(each, "properties.primary") === true) ?? configurations[0];
  const subnetId = textAt(configuration, "properties.subnet.id");
  const privateIpAddress = textAt(configuration, "properties.privateIPAddress");
  if (nic === undefined || subnetId === undefined || privateIpAddress === undefined) {
    return undefined;
  }
  const ofNic = textAt(nic.body, "properties.networkSecurityGroup.id");
  const ofSubnet = textAt(store.get(subnetId)?.body, "properties.networkSecurityGroup.id");
  const nsgIds = [ofNic, ofSubnet].filter((id) => id !== undefined);
  return { nicId: nic.id, subnetId, privateIpAddress, nsgIds };
}
