import { textAt } from "../../json.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { primaryConfiguration, primaryNicOf, securityGroupsOf } from "../network/effectiveRules.ts";

/** The network location of a VM, read from its primary NIC. */
export interface VmNetwork {
  readonly nicId: string;
  readonly subnetId: string;
  readonly privateIpAddress: string;
  /** The NSGs of the NIC and of the subnet, in this order, if any. */
  readonly nsgIds: readonly string[];
}

/** Returns the network location; `undefined` if the VM has no NIC with an address. */
export function vmNetworkOf(store: ResourceReader, vm: Resource): VmNetwork | undefined {
  const nic = primaryNicOf(store, vm);
  if (nic === undefined) return undefined;
  const configuration = primaryConfiguration(nic);
  const subnetId = textAt(configuration, "properties.subnet.id");
  const privateIpAddress = textAt(configuration, "properties.privateIPAddress");
  if (subnetId === undefined || privateIpAddress === undefined) return undefined;
  const nsgIds = securityGroupsOf(store, nic, configuration).reverse();
  return { nicId: nic.id, subnetId, privateIpAddress, nsgIds };
}
