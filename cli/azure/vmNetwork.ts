import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { networkApiVersion } from "./apiVersions.ts";
import { AzureFailure } from "./failure.ts";
import { nameOf, optionalText, readAs, reference } from "./read.ts";
import { readSubnet } from "./subnets.ts";
import { readVirtualMachine } from "./virtualMachine.ts";

/** A VM's place in the network. */
export interface VmNetwork {
  readonly privateIp: string;
  /** The network security groups that apply to inbound traffic: the interface's and the subnet's, if any. */
  readonly nsgIds: readonly string[];
}

const nic = v.object({
  properties: v.object({
    networkSecurityGroup: reference,
    ipConfigurations: v.array(
      v.object({
        properties: v.object({ primary: v.nullish(v.boolean()), privateIPAddress: optionalText, subnet: reference }),
      }),
    ),
  }),
});
/** @throws ArmError. @throws AzureFailure if the VM has no network interface with an address. */
export async function readVmNetwork(arm: ArmClient, vmId: string): Promise<VmNetwork> {
  const { primaryNicId } = await readVirtualMachine(arm, vmId);
  const { properties } = readAs(
    nic,
    primaryNicId === null ? { properties: { ipConfigurations: [] } } : await arm.get(primaryNicId, networkApiVersion),
    "a network interface",
  );
  const configurations = properties.ipConfigurations.map((one) => one.properties);
  const { privateIPAddress, subnet: on } =
    configurations.find(({ primary }) => primary === true) ?? configurations[0] ?? {};
  if (!privateIPAddress || !on) {
    throw new AzureFailure(
      `The virtual machine '${nameOf(vmId)}' has no network interface with a private address.`,
      "Look at its networking in the portal.",
    );
  }
  const ofSubnet = await readSubnet(arm, on.id);
  const ids = [properties.networkSecurityGroup?.id, ofSubnet.nsgId];
  return { privateIp: privateIPAddress, nsgIds: ids.filter((id) => typeof id === "string") };
}
