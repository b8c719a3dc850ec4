import type { ResourcePolicy } from "../policy.ts";
import { isSet, list, record, text } from "../values.ts";

export const vmNoPublicAddress: ResourcePolicy<object> = {
  name: "vm-no-public-address",
  description: "No VM has a public IP address: access is through Bastion.",
  types: ["network:NetworkInterface", "compute:VirtualMachine", "compute:VirtualMachineScaleSet"],
  judge: ({ inputs }) =>
    [inputs, ...interfacesIn(inputs), ...interfacesIn(record(inputs.virtualMachineProfile))]
      .flatMap(({ ipConfigurations }) => list(ipConfigurations).map(record))
      .filter(
        ({ publicIPAddress, publicIPAddressConfiguration }) =>
          isSet(publicIPAddress) || isSet(publicIPAddressConfiguration),
      )
      .map(
        ({ name }) =>
          `IP configuration "${text(name) ?? "unnamed"}" has a public IP address. Remove it, and connect through Bastion.`,
      ),
};

/** Returns the network interfaces that Azure creates together with a VM or a scale set. */
function interfacesIn(vm: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>[] {
  return list(record(vm.networkProfile).networkInterfaceConfigurations).map(record);
}
