/** The rules that an NSG on AzureBastionSubnet must contain (Azure, bastion-nsg.md, "AzureBastionSubnet"). */
import { textAt } from "../../json.ts";
import { badRequest } from "../../armError.ts";
import { parseRange } from "./addresses.ts";
import { includesPort, oneOrMany } from "./securityRuleChecks.ts";
import type { InlineChild } from "./inlineChildren.ts";

interface RequiredFlow {
  readonly direction: "Inbound" | "Outbound";
  readonly source: string;
  readonly destination: string;
  readonly ports: readonly number[];
}

const requiredFlows: readonly RequiredFlow[] = [
  { direction: "Inbound", source: "Internet", destination: "*", ports: [443] },
  { direction: "Inbound", source: "GatewayManager", destination: "*", ports: [443] },
  { direction: "Inbound", source: "AzureLoadBalancer", destination: "*", ports: [443] },
  { direction: "Inbound", source: "VirtualNetwork", destination: "VirtualNetwork", ports: [8080, 5701] },
  { direction: "Outbound", source: "*", destination: "VirtualNetwork", ports: [22, 3389] },
  { direction: "Outbound", source: "*", destination: "AzureCloud", ports: [443] },
  { direction: "Outbound", source: "VirtualNetwork", destination: "VirtualNetwork", ports: [8080, 5701] },
  { direction: "Outbound", source: "*", destination: "Internet", ports: [80] },
];

/**
 * Checks the rules of an NSG on AzureBastionSubnet. Azure requires the rules themselves: the default rules, which allow
 * some of this traffic, do not count (azure-docs #80806).
 * @throws ArmError `NetworkSecurityGroupNotCompliantForAzureBastionSubnet`.
 */
export function checkBastionSubnetRules(nsgName: string, rules: readonly InlineChild[]): void {
  const complete = requiredFlows.every((flow) =>
    flow.ports.every((port) => rules.some((rule) => allows(rule, flow, port))),
  );
  if (complete) return;
  throw badRequest(
    "NetworkSecurityGroupNotCompliantForAzureBastionSubnet",
    `Network security group ${nsgName} does not have necessary rules for Azure Bastion Subnet AzureBastionSubnet.`,
  );
}

function allows({ properties }: InlineChild, flow: RequiredFlow, port: number): boolean {
  const is = (member: string, ...values: string[]): boolean =>
    values.some((value) => textAt(properties, member)?.toLowerCase() === value.toLowerCase());
  return (
    is("access", "Allow") &&
    is("direction", flow.direction) &&
    is("protocol", "Tcp", "*") &&
    oneOrMany(properties, "destinationPortRange", "destinationPortRanges").some((text) => includesPort(text, port)) &&
    oneOrMany(properties, "sourceAddressPrefix", "sourceAddressPrefixes").some((text) => covers(text, flow.source)) &&
    oneOrMany(properties, "destinationAddressPrefix", "destinationAddressPrefixes").some((text) =>
      covers(text, flow.destination),
    )
  );
}

/** bastion-nsg.md allows the Internet to be narrowed: "Internet (or a set of public IP addresses that you specify)". */
function covers(prefix: string, needed: string): boolean {
  const given = prefix.toLowerCase();
  if (given === "*" || given === needed.toLowerCase()) return true;
  if (needed === "AzureCloud") return given.startsWith("azurecloud.");
  return needed === "Internet" && parseRange(prefix) !== undefined;
}
