/**
 * The eight rules that Azure requires of a network security group on `AzureBastionSubnet`. Azure refuses the group on
 * the subnet if one is missing (azure-docs, articles/bastion/bastion-nsg.md; priorities from that article's script).
 */

import { managementPorts } from "./managementPorts.ts";

/** A rule with the property names of `network.SecurityRuleArgs`. */
export interface BastionNsgRule {
  readonly name: string;
  readonly description: string;
  readonly direction: "Inbound" | "Outbound";
  readonly priority: number;
  readonly access: "Allow";
  readonly protocol: "Tcp" | "*";
  readonly sourceAddressPrefix: string;
  readonly sourcePortRange: "*";
  readonly destinationAddressPrefix: string;
  readonly destinationPortRange?: string;
  readonly destinationPortRanges?: string[];
}

/**
 * Returns the rules, in the order of the article.
 * @param customVmPorts - ports besides 22 and 3389 on which Bastion must reach VMs (custom ports, Standard or Premium):
 * the article requires them in `AllowSshRdpOutbound`.
 */
export function bastionNsgRules(customVmPorts: readonly number[] = []): BastionNsgRule[] {
  const ports = [...new Set([...managementPorts, ...customVmPorts])].map(String);
  return [
    inbound(120, "AllowHttpsInbound", "Internet", "*", "443", "Tcp", "Users reach Bastion from a browser or a client."),
    inbound(130, "AllowGatewayManagerInbound", "GatewayManager", "*", "443", "Tcp", "Azure manages Bastion."),
    inbound(
      140,
      "AllowAzureLoadBalancerInbound",
      "AzureLoadBalancer",
      "*",
      "443",
      "Tcp",
      "Azure probes Bastion's health.",
    ),
    inbound(
      150,
      "AllowBastionHostCommunication",
      "VirtualNetwork",
      "VirtualNetwork",
      ["8080", "5701"],
      "*",
      "Bastion's instances reach each other.",
    ),
    outbound(100, "AllowSshRdpOutbound", "*", "VirtualNetwork", ports, "*", "Bastion reaches the VMs."),
    outbound(110, "AllowAzureCloudOutbound", "*", "AzureCloud", "443", "Tcp", "Bastion writes its logs and metrics."),
    outbound(
      120,
      "AllowBastionCommunication",
      "VirtualNetwork",
      "VirtualNetwork",
      ["8080", "5701"],
      "*",
      "Bastion's instances reach each other.",
    ),
    outbound(130, "AllowHttpOutbound", "*", "Internet", "80", "*", "Bastion checks sessions and certificates."),
  ];
}

const inbound = rule("Inbound");
const outbound = rule("Outbound");

function rule(direction: BastionNsgRule["direction"]) {
  return (
    priority: number,
    name: string,
    sourceAddressPrefix: string,
    destinationAddressPrefix: string,
    ports: string | string[],
    protocol: BastionNsgRule["protocol"],
    description: string,
  ): BastionNsgRule => ({
    name,
    description,
    direction,
    priority,
    access: "Allow",
    protocol,
    sourceAddressPrefix,
    sourcePortRange: "*",
    destinationAddressPrefix,
    ...(typeof ports === "string" ? { destinationPortRange: ports } : { destinationPortRanges: ports }),
  });
}
