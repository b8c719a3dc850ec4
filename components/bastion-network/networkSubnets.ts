/** The two subnets of a bastion network, each created or adopted. */
import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import { Subnet } from "@pulumi/azure-native/network/subnet.js";
import * as pulumi from "@pulumi/pulumi";
import { bastionNsgRules } from "@bastion-trail/core/rules/bastionNsgRules";
import { bastionSubnetName } from "@bastion-trail/core/rules/bastionSubnet";
import { orElse } from "../shared/orElse.ts";
import type { Placement } from "../shared/placement.ts";
import type { Checked } from "../shared/validate.ts";
import { adoptSubnet, refusesPresentSubnet, type VirtualNetworkInUse } from "./adoptedNetwork.ts";
import { bastionGroupName } from "./networkName.ts";
import type { NetworkRequest } from "./networkRequest.ts";
import { keepsUsedRange } from "./networkUpdates.ts";

/** The arguments of a network that its subnets depend on, beside those that are checked together. */
interface SubnetArgs extends Placement {
  readonly bastionSubnetPrefix?: pulumi.Input<string>;
  readonly vmDefaultOutboundAccess?: pulumi.Input<boolean>;
  readonly vmNatGatewayId?: pulumi.Input<string>;
  readonly existingBastionSubnetId?: pulumi.Input<string>;
  readonly existingVmSubnetId?: pulumi.Input<string>;
}

/** Input of both functions. */
interface SubnetBuild {
  /** Pulumi name of the network. */
  readonly name: string;
  /** The component, in messages. */
  readonly subject: string;
  readonly args: SubnetArgs;
  readonly request: Checked<NetworkRequest>;
  readonly parent: { readonly parent: pulumi.Resource };
}

/** A subnet, created or adopted. */
interface SubnetInUse {
  readonly id: pulumi.Output<string>;
  readonly prefix: pulumi.Output<string>;
  /** The resource, if the subnet is created by this component. */
  readonly resource?: Subnet;
}

/** Returns `AzureBastionSubnet`, which a Developer host does not have. */
export function bastionSubnetInUse(
  { name, subject, args, parent, request }: SubnetBuild,
  virtualNetwork: VirtualNetworkInUse,
): SubnetInUse | undefined {
  if (args.existingBastionSubnetId !== undefined) {
    return adoptSubnet(subject, "existingBastionSubnetId", args.existingBastionSubnetId, parent);
  }
  if (args.bastionSubnetPrefix === undefined) {
    return undefined;
  }
  // Inline rules, unlike in the group of a JIT VM: Azure refuses the group on AzureBastionSubnet unless all eight rules
  // exist (bastion-nsg.md), so they must be part of the write that creates the group. Nobody else writes to it.
  const securityGroup = new NetworkSecurityGroup(
    `${name}-bastion-nsg`,
    {
      resourceGroupName: args.resourceGroupName,
      location: args.location,
      networkSecurityGroupName: virtualNetwork.name.apply(bastionGroupName),
      securityRules: pulumi.output(request.customVmPorts).apply((ports) => bastionNsgRules(ports)),
      tags: args.tags,
    },
    // azure-native treats these as inputs, and Azure changes them itself (pulumi-azure-native #4722).
    { ...parent, ignoreChanges: ["securityRules[*].etag", "securityRules[*].provisioningState"] },
  );
  const resource = new Subnet(
    `${name}-bastion-subnet`,
    {
      resourceGroupName: virtualNetwork.resourceGroupName,
      virtualNetworkName: virtualNetwork.name,
      subnetName: bastionSubnetName,
      addressPrefix: request.bastionSubnetPrefix,
      networkSecurityGroup: { id: securityGroup.id },
    },
    {
      ...parent,
      hooks: subnetHooks(`${name}-bastion-subnet`, subject, "bastionSubnetPrefix", virtualNetwork, parent),
    },
  );
  return { id: resource.id, prefix: pulumi.output(args.bastionSubnetPrefix), resource };
}

/**
 * Returns the subnet of the VMs.
 * @param previousSubnet - the subnet of the network that is created before it.
 */
export function vmSubnetInUse(
  { name, subject, args, parent, request }: SubnetBuild,
  virtualNetwork: VirtualNetworkInUse,
  previousSubnet: Subnet | undefined,
): SubnetInUse {
  if (args.existingVmSubnetId !== undefined) {
    return adoptSubnet(subject, "existingVmSubnetId", args.existingVmSubnetId, parent);
  }
  const resource = new Subnet(
    `${name}-vm-subnet`,
    {
      resourceGroupName: virtualNetwork.resourceGroupName,
      virtualNetworkName: virtualNetwork.name,
      subnetName: request.vmSubnetName,
      addressPrefix: request.vmSubnetPrefix,
      defaultOutboundAccess: args.vmDefaultOutboundAccess ?? args.vmNatGatewayId === undefined,
      ...(args.vmNatGatewayId !== undefined && { natGateway: { id: args.vmNatGatewayId } }),
    },
    // One at a time: Azure answers AnotherOperationInProgress to parallel writes of subnets in the same virtual
    // network.
    {
      ...parent,
      dependsOn: previousSubnet ?? [],
      hooks: subnetHooks(`${name}-vm-subnet`, subject, "vmSubnetPrefix", virtualNetwork, parent),
    },
  );
  return { id: resource.id, prefix: orElse(request.vmSubnetPrefix, ""), resource };
}

/** Returns the hooks of a subnet. In an adopted network, it may already exist. */
function subnetHooks(
  subnet: string,
  subject: string,
  key: string,
  { resource }: VirtualNetworkInUse,
  opts: pulumi.InvokeOptions,
): pulumi.ResourceHookBinding {
  return {
    ...(resource === undefined && { beforeCreate: [refusesPresentSubnet(subject, `${subnet}-is-new`, opts)] }),
    beforeUpdate: [keepsUsedRange(subject, `${subnet}-update`, key, opts)],
  };
}
