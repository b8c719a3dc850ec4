/** The default rules of every NSG (Azure, network-security-groups-overview.md, "Default security rules"). */
import type { JsonObject } from "../../json.ts";
import type { InlineChild } from "./inlineChildren.ts";

type Row = readonly [
  name: string,
  description: string,
  direction: "Inbound" | "Outbound",
  priority: number,
  access: "Allow" | "Deny",
  source: string,
  destination: string,
];

// prettier-ignore
const rows: readonly Row[] = [
  ["AllowVnetInBound", "Allow inbound traffic from all VMs in VNET", "Inbound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork"],
  ["AllowAzureLoadBalancerInBound", "Allow inbound traffic from azure load balancer", "Inbound", 65001, "Allow", "AzureLoadBalancer", "*"],
  ["DenyAllInBound", "Deny all inbound traffic", "Inbound", 65500, "Deny", "*", "*"],
  ["AllowVnetOutBound", "Allow outbound traffic from all VMs to all VMs in VNET", "Outbound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork"],
  ["AllowInternetOutBound", "Allow outbound traffic from all VMs to Internet", "Outbound", 65001, "Allow", "*", "Internet"],
  ["DenyAllOutBound", "Deny all outbound traffic", "Outbound", 65500, "Deny", "*", "*"],
];

/** Returns the default rules of one NSG. */
export function defaultSecurityRules(nsgId: string): InlineChild[] {
  return rows.map(([name, description, direction, priority, access, source, destination]) => ({
    id: `${nsgId}/defaultSecurityRules/${name}`,
    name,
    properties: {
      provisioningState: "Succeeded",
      description,
      protocol: "*",
      sourcePortRange: "*",
      destinationPortRange: "*",
      sourceAddressPrefix: source,
      destinationAddressPrefix: destination,
      access,
      priority,
      direction,
      sourcePortRanges: [],
      destinationPortRanges: [],
      sourceAddressPrefixes: [],
      destinationAddressPrefixes: [],
    } satisfies JsonObject,
  }));
}
