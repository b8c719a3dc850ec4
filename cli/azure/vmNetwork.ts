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
  /** ARM ids of the application security groups of the address. */
  readonly asgIds: readonly string[];
  /** The network security groups that apply to inbound traffic: the interface's and the subnet's, if any. */
  readonly nsgIds: readonly string[];
}

const nic = v.object({
  properties: v.object({
    networkSecurityGroup: reference,
    ipConfigurations: v.array(
      v.object({
        properties: v.object({
          primary: v.nullish(v.boolean()),
          privateIPAddress: optionalText,
          subnet: reference,
          applicationSecurityGroups: v.nullish(v.array(v.object({ id: v.string() })), []),
        }),
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
  const chosen = configurations.find(({ primary }) => primary === true) ?? configurations[0];
  const { privateIPAddress, subnet: on, applicationSecurityGroups = [] } = chosen ?? {};
  if (!privateIPAddress || !on) {
    throw new AzureFailure(
      `The virtual machine '${nameOf(vmId)}' has no network interface with a private address.`,
      "Look at its networking in the portal.",
    );
  }
  const ofSubnet = await readSubnet(arm, on.id);
  const ids = [properties.networkSecurityGroup?.id, ofSubnet.nsgId];
  return {
    privateIp: privateIPAddress,
    asgIds: applicationSecurityGroups.map(({ id }) => id),
    nsgIds: ids.filter((id) => typeof id === "string"),
  };
}
