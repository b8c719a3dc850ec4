import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import { SecurityRule } from "@pulumi/azure-native/network/securityRule.js";
import * as network from "@pulumi/azure-native/types/enums/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { denyBastionSubnet, denyManagementPorts } from "@bastion-trail/core/rules/standingRules";
import { closedPorts } from "./jitPorts.ts";
import { vmGroupName } from "./vmName.ts";
import { developerSourcePrefix } from "../bastion-network/subnetPlan.ts";
import type { Placement } from "../shared/placement.ts";
import type { CheckedSettings } from "./vmProfiles.ts";

export interface VmFirewallArgs extends Placement {
  /** CIDR range of AzureBastionSubnet. */
  readonly bastionSubnetPrefix: pulumi.Input<string>;
  readonly settings: CheckedSettings;
}

export interface VmFirewall {
  readonly group: NetworkSecurityGroup;
  /** The rules that must exist before the VM is created. */
  readonly denials: readonly SecurityRule[];
}

/**
 * Creates the VM's network security group and its two standing rules. Without them, Azure's default AllowVnetInBound
 * (65000) would let the Bastion subnet, and every other VM, reach the ports whenever no JIT rule denies them: before
 * Defender has written its rule, or after somebody removed the policy. It would also let the tunnel of a native client,
 * which can go to any port, reach ports that the policy does not name, such as WinRM.
 */
export function createVmFirewall(
  name: string,
  { bastionSubnetPrefix, settings, ...placement }: VmFirewallArgs,
  opts: pulumi.CustomResourceOptions,
): VmFirewall {
  // With another name of the VM, all of this is made anew. The old group stays in use, and its ports closed, until the VM
  // is gone.
  const created = { ...opts, deleteBeforeReplace: false };
  const group = new NetworkSecurityGroup(
    `${name}-nsg`,
    { ...placement, networkSecurityGroupName: pulumi.output(settings.name).apply(vmGroupName) },
    // Defender adds and removes rules here, and azure-native preserves them as long as no input lists rules. The group
    // therefore has no inline rules and no `ignoreChanges`, which would send back what `pulumi import` recorded as
    // inputs.
    created,
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
  const closed = pulumi.output(settings.jitPorts).apply((ports) => closedPorts(ports).map(String));
  const management = new SecurityRule(
    `${name}-deny-management`,
    {
      ...deny,
      securityRuleName: denyManagementPorts.name,
      description: "Management ports are shut unless a JIT request opens them.",
      priority: denyManagementPorts.priority,
      sourceAddressPrefix: "*",
      destinationPortRanges: closed,
    },
    created,
  );
  // Health probes of load balancers use the Developer host's address too, and a Developer host has no native client.
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
      destinationPortRanges: pulumi.all([isShared, closed]).apply(([shared, ports]) => (shared ? ports : undefined)),
    },
    // Azure allows one write of a network security group at a time, and answers a second one with 409.
    { ...created, dependsOn: management },
  );
  return { group, denials: [management, bastion] };
}
