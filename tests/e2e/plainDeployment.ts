/** A jump host as many have it, on azure-native alone: everything that the policies are against. */
import { VirtualMachine } from "@pulumi/azure-native/compute/virtualMachine.js";
import { BastionHost } from "@pulumi/azure-native/network/bastionHost.js";
import { NetworkInterface } from "@pulumi/azure-native/network/networkInterface.js";
import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import { Subnet } from "@pulumi/azure-native/network/subnet.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import { JitNetworkAccessPolicy } from "@pulumi/azure-native/security/jitNetworkAccessPolicy.js";

export function deployPlainly(): Promise<object> {
  const group = new ResourceGroup("group", { resourceGroupName: "plain", location: "westeurope" });
  const within = { resourceGroupName: group.name, location: group.location };
  const network = new VirtualNetwork("network", {
    ...within,
    virtualNetworkName: "net",
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
  });
  const bastionGroup = new NetworkSecurityGroup("bastion-nsg", { ...within, securityRules: [] });
  const inNetwork = { resourceGroupName: group.name, virtualNetworkName: network.name };
  const bastionSubnet = new Subnet("bastion-subnet", {
    ...inNetwork,
    subnetName: "AzureBastionSubnet",
    addressPrefix: "10.0.0.0/26",
    networkSecurityGroup: { id: bastionGroup.id },
  });
  const subnet = new Subnet("vm-subnet", { ...inNetwork, addressPrefix: "10.0.1.0/24" }, { dependsOn: bastionSubnet });
  const address = new PublicIPAddress("address", {
    ...within,
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
  });
  new BastionHost("host", {
    ...within,
    sku: { name: "Premium" },
    enableSessionRecording: true,
    ipConfigurations: [{ name: "ip", subnet: { id: bastionSubnet.id }, publicIPAddress: { id: address.id } }],
  });
  const vmGroup = new NetworkSecurityGroup("vm-nsg", {
    ...within,
    securityRules: [
      {
        name: "ssh",
        priority: 300,
        direction: "Inbound",
        access: "Allow",
        protocol: "Tcp",
        sourceAddressPrefix: "*",
        sourcePortRange: "*",
        destinationAddressPrefix: "*",
        destinationPortRange: "22",
      },
    ],
  });
  const vmAddress = new PublicIPAddress("vm-address", {
    ...within,
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
  });
  const nic = new NetworkInterface("nic", {
    ...within,
    networkSecurityGroup: { id: vmGroup.id },
    ipConfigurations: [{ name: "ip", subnet: { id: subnet.id }, publicIPAddress: { id: vmAddress.id } }],
  });
  const vms = ["jump", "forgotten"].map(
    (name) =>
      new VirtualMachine(name, {
        ...within,
        vmName: name,
        hardwareProfile: { vmSize: "Standard_B2s" },
        networkProfile: { networkInterfaces: [{ id: nic.id }] },
      }),
  );
  new JitNetworkAccessPolicy("jit", {
    resourceGroupName: group.name,
    ascLocation: "westeurope",
    jitNetworkAccessPolicyName: "default",
    kind: "Basic",
    virtualMachines: vms.slice(0, 1).map(({ id }) => ({
      id,
      ports: [
        { number: 22, protocol: "TCP", allowedSourceAddressPrefix: "10.0.0.0/8", maxRequestAccessDuration: "P1D" },
      ],
    })),
  });
  return Promise.resolve({});
}
