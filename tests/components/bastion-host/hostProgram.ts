/** Programs with a `BastionHost`, recorded or refused. */
import type * as pulumi from "@pulumi/pulumi";
import { BastionHost, type BastionHostArgs } from "../../../components/bastion-host/bastionHost.ts";
import { BastionSku } from "../../../components/bastion-host/bastionSku.ts";
import { recordProgram, refusalOf, subscriptionId } from "../recordedProgram.ts";

export const bastionHost = "azure-native:network:BastionHost";
export const publicIpAddress = "azure-native:network:PublicIPAddress";

export const group = `/subscriptions/${subscriptionId}/resourceGroups/hub/providers/Microsoft.Network`;
export const network = `${group}/virtualNetworks/hub-vnet`;
export const bastionSubnetId = `${network}/subnets/AzureBastionSubnet`;
export const adoptedId = `${group}/bastionHosts/hub-bastion`;
export const publicIpId = `${group}/publicIPAddresses/hub-ip`;

export const place = { resourceGroupName: "rg", location: "westeurope" };
export const standard: BastionHostArgs = { ...place, sku: BastionSku.Standard, bastionSubnetId, audited: true };
export const premium: BastionHostArgs = { ...standard, sku: BastionSku.Premium };
export const developer: BastionHostArgs = {
  ...place,
  sku: BastionSku.Developer,
  virtualNetworkId: network,
  audited: false,
};

export function deploy(
  args: BastionHostArgs,
  found: { host?: object; publicIp?: object } = {},
  opts?: pulumi.ComponentResourceOptions,
) {
  return recordProgram(
    () => {
      const host = new BastionHost("trail", args, opts);
      const { hostId, hostName, location, dnsName, publicIpAddress: address, recordingNotice } = host;
      return { hostId, hostName, location, dnsName, publicIpAddress: address, recordingNotice };
    },
    {
      outputs: (type, inputs) =>
        type === bastionHost
          ? { name: inputs.bastionHostName, dnsName: "bst-1.bastion.azure.com" }
          : type === publicIpAddress
            ? { ipAddress: "20.1.2.3" }
            : {},
      functions: {
        "azure-native:network:getBastionHost": () => ({
          id: adoptedId,
          name: "hub-bastion",
          location: "northeurope",
          dnsName: "bst-2.bastion.azure.com",
          sku: { name: "Standard" },
          ipConfigurations: [{ publicIPAddress: { id: publicIpId } }],
          ...found.host,
        }),
        "azure-native:network:getPublicIPAddress": () => ({
          id: publicIpId,
          name: "hub-ip",
          ipAddress: "20.9.9.9",
          sku: { name: "Standard" },
          publicIPAllocationMethod: "Static",
          publicIPAddressVersion: "IPv4",
          ...found.publicIp,
        }),
      },
    },
  );
}

/** The message with which a request is refused. */
export function refusal(args: BastionHostArgs, found?: Parameters<typeof deploy>[1]): Promise<string> {
  return refusalOf(() => deploy(args, found));
}
