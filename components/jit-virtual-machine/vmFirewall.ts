import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import { SecurityRule } from "@pulumi/azure-native/network/securityRule.js";
import * as network from "@pulumi/azure-native/types/enums/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { denyBastionSubnet, denyManagementPorts } from "@bastion-trail/core/rules/standingRules";
import { shutPorts } from "./jitPorts.ts";
import { developerSourcePrefix } from "../bastion-network/subnetPlan.ts";

export interface VmFirewallArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** CIDR range of AzureBastionSubnet. */
  readonly bastionSubnetPrefix: pulumi.Input<string>;
  /** Azure name of the VM. */
  readonly vmName: pulumi.Input<string>;
  /** Ports of its JIT policy. */
  readonly jitPorts: pulumi.Input<readonly number[]>;
  readonly parent: pulumi.Resource;
}

export interface VmFirewall {
  readonly group: NetworkSecurityGroup;
  /** What has to be there before the VM is. */
  readonly denials: readonly SecurityRule[];
}

/**
 * The VM's network security group and its two standing rules. Without them, Azure's default AllowVnetInBound (65000)
 * would let the Bastion subnet, and every other VM, reach the ports while no JIT rule denies them: before Defender has
 * written its rule, or after somebody removed the policy. And it would let a native client's tunnel, which goes to any port,
 * reach all those that the policy does not name, such as WinRM's.
 */
export function createVmFirewall(
  name: string,
  { bastionSubnetPrefix, vmName, jitPorts, parent, ...placement }: VmFirewallArgs,
): VmFirewall {
  const group = new NetworkSecurityGroup(
    `${name}-nsg`,
    { ...placement, networkSecurityGroupName: pulumi.interpolate`${vmName}-nsg` },
    // Defender's rules come and go here, and azure-native keeps them as long as no input lists rules. So there are no
    // inline rules, and no `ignoreChanges`: it would send again what `pulumi import` recorded as inputs.
    { parent },
  );
  const deny = {
    resourceGroupName: placement.resourceGroupName,
    networkSecurityGroupName: group.name,
    direction: network.SecurityRuleDirection.Inbound,
    access: network.SecurityRuleAccess.Deny,
    protocol: network.SecurityRuleProtocol.Asterisk,
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
  };
  const shut = pulumi.output(jitPorts).apply((ports) => shutPorts(ports).map(String));
  const management = new SecurityRule(
    `${name}-deny-management`,
    {
      ...deny,
      securityRuleName: denyManagementPorts.name,
      description: "Management ports are shut unless a JIT request opens them.",
      priority: denyManagementPorts.priority,
      sourceAddressPrefix: "*",
      destinationPortRanges: shut,
    },
    { parent },
  );
  // Load balancers' health probes come from the Developer host's address as well; and it has no native client.
  const isShared = pulumi.output(bastionSubnetPrefix).apply((prefix) => prefix === developerSourcePrefix);
  const bastion = new SecurityRule(
    `${name}-deny-bastion`,
    {
      ...deny,
      securityRuleName: denyBastionSubnet.name,
      description: "Through Bastion, no port is reached unless a JIT request opens it.",
      priority: denyBastionSubnet.priority,
      sourceAddressPrefix: bastionSubnetPrefix,
      destinationPortRange: isShared.apply((shared) => (shared ? undefined : "*")),
      destinationPortRanges: pulumi.all([isShared, shut]).apply(([shared, ports]) => (shared ? ports : undefined)),
    },
    // Azure works on one write of a network security group at a time, and answers the other with 409.
    { parent, dependsOn: management },
  );
  return { group, denials: [management, bastion] };
}
