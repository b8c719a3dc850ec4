import * as azure from "./azureNative.ts";
import * as pulumi from "@pulumi/pulumi";

export interface NetworkPlace {
  common: { resourceGroupName: pulumi.Output<string>; location: string; tags: Record<string, string> };
  prefix: string;
  bastionSubnetPrefix: string;
  vmSubnetPrefix: string;
}

/** Name, direction, priority, protocol, source, destination, ports, description. */
const bastionRules = [
  [
    "AllowHttpsInbound",
    "Inbound",
    120,
    "Tcp",
    "Internet",
    "*",
    ["443"],
    "Users reach Bastion from a browser or a client.",
  ],
  ["AllowGatewayManagerInbound", "Inbound", 130, "Tcp", "GatewayManager", "*", ["443"], "Azure manages Bastion."],
  [
    "AllowAzureLoadBalancerInbound",
    "Inbound",
    140,
    "Tcp",
    "AzureLoadBalancer",
    "*",
    ["443"],
    "Azure probes Bastion's health.",
  ],
  [
    "AllowBastionHostCommunication",
    "Inbound",
    150,
    "*",
    "VirtualNetwork",
    "VirtualNetwork",
    ["8080", "5701"],
    "Bastion's instances reach each other.",
  ],
  ["AllowSshRdpOutbound", "Outbound", 100, "*", "*", "VirtualNetwork", ["22", "3389"], "Bastion reaches the VMs."],
  [
    "AllowAzureCloudOutbound",
    "Outbound",
    110,
    "Tcp",
    "*",
    "AzureCloud",
    ["443"],
    "Bastion writes its logs and metrics.",
  ],
  [
    "AllowBastionCommunication",
    "Outbound",
    120,
    "*",
    "VirtualNetwork",
    "VirtualNetwork",
    ["8080", "5701"],
    "Bastion's instances reach each other.",
  ],
  ["AllowHttpOutbound", "Outbound", 130, "*", "*", "Internet", ["80"], "Bastion checks sessions and certificates."],
] as const;

/** Creates the virtual network with its two subnets, and the Bastion host in it. */
export function createNetwork({ common, prefix, bastionSubnetPrefix, vmSubnetPrefix }: NetworkPlace) {
  const virtualNetwork = new azure.network.VirtualNetwork("network-vnet", {
    ...common,
    virtualNetworkName: `${prefix}-vnet`,
    addressSpace: { addressPrefixes: ["10.60.0.0/16"] },
    enableDdosProtection: false,
    enableVmProtection: false,
  });
  const bastionGroup = new azure.network.NetworkSecurityGroup(
    "network-bastion-nsg",
    {
      ...common,
      networkSecurityGroupName: pulumi.interpolate`${virtualNetwork.name}-bastion-nsg`,
      securityRules: bastionRules.map(
        ([name, direction, priority, protocol, source, destination, ports, description]) => ({
          name,
          direction,
          priority,
          protocol,
          description,
          access: "Allow",
          sourceAddressPrefix: source,
          sourcePortRange: "*",
          destinationAddressPrefix: destination,
          ...(ports.length === 1 ? { destinationPortRange: ports[0] } : { destinationPortRanges: [...ports] }),
        }),
      ),
    },
    { ignoreChanges: ["securityRules[*].etag", "securityRules[*].provisioningState"] },
  );
  const subnet = {
    resourceGroupName: common.resourceGroupName,
    virtualNetworkName: virtualNetwork.name,
    privateEndpointNetworkPolicies: "Disabled",
    privateLinkServiceNetworkPolicies: "Enabled",
  };
  const bastionSubnet = new azure.network.Subnet("network-bastion-subnet", {
    ...subnet,
    subnetName: "AzureBastionSubnet",
    addressPrefix: bastionSubnetPrefix,
    networkSecurityGroup: { id: bastionGroup.id },
  });
  const vmSubnet = new azure.network.Subnet(
    "network-vm-subnet",
    {
      ...subnet,
      subnetName: "vms",
      addressPrefix: vmSubnetPrefix,
      defaultOutboundAccess: true,
    },
    { dependsOn: bastionSubnet },
  );

  const publicIp = new azure.network.PublicIPAddress(
    "bastion-pip",
    {
      ...common,
      publicIpAddressName: `${prefix}-bastion-pip`,
      publicIPAddressVersion: "IPv4",
      publicIPAllocationMethod: "Static",
      sku: { name: "Standard" },
    },
    { deleteBeforeReplace: false },
  );
  const bastion = new azure.network.BastionHost(
    "bastion-host",
    {
      ...common,
      bastionHostName: `${prefix}-bastion`,
      sku: { name: "Standard" },
      scaleUnits: 2,
      disableCopyPaste: false,
      enableFileCopy: false,
      enableIpConnect: false,
      enableKerberos: false,
      enablePrivateOnlyBastion: false,
      enableSessionRecording: false,
      enableShareableLink: false,
      enableTunneling: true,
      ipConfigurations: [
        { name: "ipConfiguration", publicIPAddress: { id: publicIp.id }, subnet: { id: bastionSubnet.id } },
      ],
    },
    { deleteBeforeReplace: true, customTimeouts: { create: "60m", update: "60m", delete: "60m" } },
  );

  return { bastionHostId: bastion.id, vmSubnetId: vmSubnet.id };
}
