import type * as pulumi from "@pulumi/pulumi";
import { BastionNetwork, type BastionNetworkArgs } from "../../../components/bastion-network/bastionNetwork.ts";
import { recordProgram, refusalOf, subscriptionId } from "../recordedProgram.ts";

export const virtualNetwork = "azure-native:network:VirtualNetwork";
export const securityGroup = "azure-native:network:NetworkSecurityGroup";
export const subnet = "azure-native:network:Subnet";
export const managementLock = "azure-native:authorization:ManagementLockByScope";
export const natGateway = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/natGateways/out`;

/** What the azure-native SDK adds to every subnet. */
export const sdkDefaults = { privateEndpointNetworkPolicies: "Disabled", privateLinkServiceNetworkPolicies: "Enabled" };

export const hub = `/subscriptions/${subscriptionId}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet`;

export const place = { resourceGroupName: "rg", location: "westeurope" };
export const created: BastionNetworkArgs = {
  ...place,
  addressSpace: ["10.20.0.0/16"],
  bastionSubnetPrefix: "10.20.0.0/26",
  vmSubnetPrefix: "10.20.1.0/24",
};
export const adopted: BastionNetworkArgs = {
  ...place,
  existingVirtualNetworkId: hub,
  bastionSubnetPrefix: "10.0.1.0/26",
  vmSubnetPrefix: "10.0.2.0/24",
};

/** What Azure tells of the adopted network, unless a test says otherwise. */
const hubNetwork = {
  id: hub,
  name: "hub-vnet",
  location: "West Europe",
  addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
  subnets: [
    { name: "apps", addressPrefix: "10.0.0.0/24" },
    { name: "AzureBastionSubnet", addressPrefix: "10.0.1.0/26" },
    { name: "vms", addressPrefix: "10.0.2.0/24" },
  ],
};

export function deploy(
  args: BastionNetworkArgs,
  found: { network?: object; subnets?: Record<string, object> } = {},
  opts?: pulumi.ComponentResourceOptions,
) {
  return recordProgram(
    () => {
      const { virtualNetworkId, bastionSubnetId, bastionSubnetPrefix, vmSubnetId } = new BastionNetwork(
        "trail",
        args,
        opts,
      );
      return { virtualNetworkId, bastionSubnetId, bastionSubnetPrefix, vmSubnetId };
    },
    {
      outputs: (type, inputs) => (type === virtualNetwork ? { name: inputs.virtualNetworkName } : {}),
      functions: {
        "azure-native:network:getVirtualNetwork": () => ({ ...hubNetwork, ...found.network }),
        "azure-native:network:getSubnet": ({ subnetName }) => ({
          id: `${hub}/subnets/${String(subnetName)}`,
          ...found.subnets?.[String(subnetName)],
        }),
      },
    },
  );
}

/** The message with which a request is refused. */
export function refusal(args: BastionNetworkArgs, found?: Parameters<typeof deploy>[1]): Promise<string> {
  return refusalOf(() => deploy(args, found));
}
