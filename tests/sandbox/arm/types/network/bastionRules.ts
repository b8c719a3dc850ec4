import type { JsonObject } from "../../../../../sandbox/arm/json.ts";

type Row = [
  name: string,
  direction: string,
  priority: number,
  source: string,
  destination: string,
  ports: string[],
  protocol: string,
];

const rows: Row[] = [
  ["AllowHttpsInbound", "Inbound", 120, "Internet", "*", ["443"], "Tcp"],
  ["AllowGatewayManagerInbound", "Inbound", 130, "GatewayManager", "*", ["443"], "Tcp"],
  ["AllowAzureLoadBalancerInbound", "Inbound", 140, "AzureLoadBalancer", "*", ["443"], "Tcp"],
  ["AllowBastionHostCommunication", "Inbound", 150, "VirtualNetwork", "VirtualNetwork", ["8080", "5701"], "*"],
  ["AllowSshRdpOutbound", "Outbound", 100, "*", "VirtualNetwork", ["22", "3389"], "*"],
  ["AllowAzureCloudOutbound", "Outbound", 110, "*", "AzureCloud", ["443"], "Tcp"],
  ["AllowBastionCommunication", "Outbound", 120, "VirtualNetwork", "VirtualNetwork", ["8080", "5701"], "*"],
  ["AllowHttpOutbound", "Outbound", 130, "*", "Internet", ["80"], "*"],
];

/** The eight rules of bastion-nsg.md as inline rules of an NSG. */
export const bastionRules: { name: string; properties: JsonObject }[] = rows.map(
  ([name, direction, priority, sourceAddressPrefix, destinationAddressPrefix, destinationPortRanges, protocol]) => ({
    name,
    properties: {
      access: "Allow",
      direction,
      priority,
      protocol,
      sourceAddressPrefix,
      sourcePortRange: "*",
      destinationAddressPrefix,
      destinationPortRanges,
    },
  }),
);
