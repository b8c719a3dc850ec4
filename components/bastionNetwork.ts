import * as pulumi from "@pulumi/pulumi";

/** What {@link BastionNetwork} is made from. */
export interface BastionNetworkArgs {
  /** Resource group of everything that is created; an adopted network may be in another one. */
  resourceGroupName: pulumi.Input<string>;
  /** Azure region, for example `westeurope`. An adopted network must be in it: a Bastion host is in its network's region. */
  location: pulumi.Input<string>;
  /**
   * Name of the virtual network to create; the NSG is named after it. Not with `existingVirtualNetworkId`.
   * @default the component's name
   */
  virtualNetworkName?: pulumi.Input<string>;
  /** Address ranges of the virtual network to create, IPv4 CIDR, for example `["10.20.0.0/16"]`. Not with `existingVirtualNetworkId`. */
  addressSpace?: pulumi.Input<pulumi.Input<string>[]>;
  /** Range of the `AzureBastionSubnet` to create, /26 or larger. Leave out for the Developer SKU (which has none) or with `existingBastionSubnetId`. */
  bastionSubnetPrefix?: pulumi.Input<string>;
  /** Range of the VM subnet to create, /29 or larger. Not with `existingVmSubnetId`. */
  vmSubnetPrefix?: pulumi.Input<string>;
  /**
   * Name of the VM subnet to create.
   * @default `vms`
   */
  vmSubnetName?: pulumi.Input<string>;
  /** Lets the VMs reach the internet through Azure's default outbound access. @default `true`, or `false` with `vmNatGatewayId` */
  vmDefaultOutboundAccess?: pulumi.Input<boolean>;
  /** Id of a NAT gateway through which the VMs reach the internet. */
  vmNatGatewayId?: pulumi.Input<string>;
  /** Id of a virtual network to use instead of creating one. Subnets are created in it unless they are adopted, too. */
  existingVirtualNetworkId?: pulumi.Input<string>;
  /** Id of an `AzureBastionSubnet` to use instead of creating one; its NSG stays as it is. Only with `existingVirtualNetworkId`. */
  existingBastionSubnetId?: pulumi.Input<string>;
  /** Id of a subnet for the VMs to use instead of creating one. Only with `existingVirtualNetworkId`; may be in a peered network. */
  existingVmSubnetId?: pulumi.Input<string>;
  /** Tags of everything that is created. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** `CanNotDelete` locks the virtual network that is created. @default `none` */
  lock?: "none" | "CanNotDelete";
}

/** Virtual network with the subnet of Azure Bastion, its NSG, and a subnet for VMs; or the same things adopted. */
export class BastionNetwork extends pulumi.ComponentResource {
  /** ARM id of the virtual network. */
  declare readonly virtualNetworkId: pulumi.Output<string>;
  /** ARM id of `AzureBastionSubnet`; `undefined` when there is none (Developer SKU). */
  declare readonly bastionSubnetId: pulumi.Output<string | undefined>;
  /** Address range from which Bastion reaches the VMs, IPv4 CIDR: the allowed source of the JIT policies. */
  declare readonly bastionSubnetPrefix: pulumi.Output<string>;
  /** ARM id of the VM subnet. */
  declare readonly vmSubnetId: pulumi.Output<string>;

  constructor(name: string, args: BastionNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:BastionNetwork", name, args, opts);
  }
}
