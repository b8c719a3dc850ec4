import type { Subnet } from "@pulumi/azure-native/network/subnet.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import * as pulumi from "@pulumi/pulumi";
import { adoptVirtualNetwork, type VirtualNetworkInUse } from "./adoptedNetwork.ts";
import {
  adoptionProblems,
  defaultVmSubnetName,
  knownNetworkProblems,
  type NetworkRequest,
  networkRequestProblems,
} from "./networkRequest.ts";
import { type LockLevel, lockResource } from "../resource-lock/resourceLock.ts";
import { staysInNetwork } from "./networkMoves.ts";
import { keepsSubnetsInside } from "./networkUpdates.ts";
import { bastionSubnetInUse, vmSubnetInUse } from "./networkSubnets.ts";
import { developerSourcePrefix } from "./subnetPlan.ts";
import { componentType } from "../shared/componentType.ts";
import { idProblems } from "../shared/armId.ts";
import { withUpdateHooks } from "../shared/hook.ts";
import { onceRegistered } from "../shared/onceRegistered.ts";
import { orElse } from "../shared/orElse.ts";
import { type Checked, checked } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";

/** Arguments of {@link BastionNetwork}. */
export interface BastionNetworkArgs {
  /**
   * Resource group of all created resources. Subnets of an adopted network are created in the resource group of that
   * network.
   */
  resourceGroupName: pulumi.Input<string>;
  /**
   * Azure region, for example `westeurope`. An adopted network must be in it, because a Bastion host is in the region
   * of its network (azure-docs, tutorial-create-host-portal.md).
   */
  location: pulumi.Input<string>;
  /**
   * Name of the virtual network to create. Its network security group is named after it. Not allowed with
   * `existingVirtualNetworkId`. Defaults to the component's name.
   */
  virtualNetworkName?: pulumi.Input<string>;
  /**
   * Address ranges of the virtual network to create: IPv4 in CIDR form, for example `["10.20.0.0/16"]`. Each must start
   * at its network address, and must not overlap another range or one that Azure reserves. Required to create a
   * network, not allowed with `existingVirtualNetworkId`.
   */
  addressSpace?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Range of the `AzureBastionSubnet` to create: /26 or larger, inside the address space, not overlapping any other
   * subnet. Omit it for the Developer SKU, which has no subnet, or with `existingBastionSubnetId`.
   */
  bastionSubnetPrefix?: pulumi.Input<string>;
  /**
   * Range of the VM subnet to create: /29 or larger, inside the address space, not overlapping any other subnet.
   * Required unless `existingVmSubnetId` is given.
   */
  vmSubnetPrefix?: pulumi.Input<string>;
  /** Name of the VM subnet to create. Defaults to `vms`. */
  vmSubnetName?: pulumi.Input<string>;
  /**
   * Whether VMs of the created subnet have default outbound access: they reach the internet through an address that
   * Azure assigns. Defaults to `true`, or to `false` with `vmNatGatewayId`. It is always set explicitly, because
   * Azure's own default differs by API version and cannot be changed on an existing subnet
   * (`Subnet.defaultOutboundAccess`). The VMs need outbound access for operating system patches, Windows activation and
   * the Entra ID login extension. Use `vmNatGatewayId` instead if the address matters or traffic must be inspected.
   */
  vmDefaultOutboundAccess?: pulumi.Input<boolean>;
  /** ARM id of a NAT gateway through which VMs of the created subnet reach the internet. */
  vmNatGatewayId?: pulumi.Input<string>;
  /**
   * Ports besides 22 and 3389 on which Bastion must reach VMs (custom ports; Standard or Premium). They are allowed in
   * the rule `AllowSshRdpOutbound` of the created network security group. Defaults to none. Requires
   * `bastionSubnetPrefix`.
   */
  customVmPorts?: pulumi.Input<pulumi.Input<number>[]>;
  /**
   * ARM id of a virtual network to use instead of creating one, in the provider's subscription. Its subnets are created
   * from the prefixes or adopted by their ids. What is created never depends on which subnets exist, so a second
   * `pulumi up` sees the same program.
   */
  existingVirtualNetworkId?: pulumi.Input<string>;
  /** ARM id of the adopted network's `AzureBastionSubnet`. Its network security group is left unchanged. */
  existingBastionSubnetId?: pulumi.Input<string>;
  /** ARM id of the subnet for the VMs, in the adopted network or in one that is peered with it. */
  existingVmSubnetId?: pulumi.Input<string>;
  /** Tags of all created resources that support tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Lock on the created virtual network, which also covers its subnets. Not allowed with `existingVirtualNetworkId`.
   * Defaults to `none`.
   */
  lock?: LockLevel;
}

const component = componentType<BastionNetworkArgs>("BastionNetwork", {
  vmNatGatewayId: (key, id) => idProblems(key, id, "Microsoft.Network/natGateways"),
});

/**
 * The network of the access path: a virtual network, `AzureBastionSubnet` with the network security group that Azure
 * requires for it, and a subnet for VMs. Each of the three can be adopted instead.
 *
 * The VM subnet has no network security group: each JIT VM has its own on its network interface, and a second one on
 * the subnet would only hide which rule applied.
 *
 * `pulumi preview` and `pulumi up` refuse another virtual network while a Bastion host or a VM is in the present one,
 * because Azure moves neither.
 *
 * @example
 * const network = new BastionNetwork("trail", {
 *   resourceGroupName: group.name,
 *   location: group.location,
 *   addressSpace: ["10.20.0.0/16"],
 *   bastionSubnetPrefix: "10.20.0.0/26",
 *   vmSubnetPrefix: "10.20.1.0/24",
 * });
 *
 * @throws ValidationError that names every refused input, before any resource that uses it is created.
 */
export class BastionNetwork extends pulumi.ComponentResource {
  /** ARM id of the virtual network. */
  readonly virtualNetworkId: pulumi.Output<string>;
  /** ARM id of `AzureBastionSubnet`. `undefined` if there is none (Developer SKU). */
  readonly bastionSubnetId: pulumi.Output<string> | undefined;
  /**
   * Range from which Bastion reaches the VMs, in IPv4 CIDR form: the only source that JIT policies allow. Without a
   * Bastion subnet, it is the address that Bastion Developer connects from.
   */
  readonly bastionSubnetPrefix: pulumi.Output<string>;
  /** ARM id of the VM subnet. */
  readonly vmSubnetId: pulumi.Output<string>;

  constructor(name: string, args: BastionNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    args = component.given(name, args);
    const subject = component.subject(name);
    // The hook reads Azure with the provider of the component, which does not exist yet.
    const own: pulumi.InvokeOptions = {};
    super(
      component.token,
      name,
      recordedInputs(name, args),
      withoutVersionAliases(withUpdateHooks(opts, [staysInNetwork(subject, own)])),
    );
    own.parent = this;
    const build: Build = {
      name,
      subject,
      args,
      parent: { parent: this },
      request: checkedRequest(name, subject, args),
    };
    const virtualNetwork = virtualNetworkInUse(build);
    const bastionSubnet = bastionSubnetInUse(build, virtualNetwork);
    const vmSubnet = vmSubnetInUse(build, virtualNetwork, bastionSubnet?.resource);
    lockVirtualNetwork(build, virtualNetwork, [bastionSubnet?.resource, vmSubnet.resource]);

    this.virtualNetworkId = onceRegistered(this, virtualNetwork.id);
    this.bastionSubnetId = bastionSubnet && onceRegistered(this, bastionSubnet.id);
    this.bastionSubnetPrefix = onceRegistered(this, bastionSubnet?.prefix ?? developerSourcePrefix);
    this.vmSubnetId = onceRegistered(this, vmSubnet.id);
    this.registerOutputs({
      virtualNetworkId: this.virtualNetworkId,
      bastionSubnetId: this.bastionSubnetId,
      bastionSubnetPrefix: this.bastionSubnetPrefix,
      vmSubnetId: this.vmSubnetId,
    });
  }
}

/** Returns the inputs that a later deployment is compared with; see networkMoves.ts. */
function recordedInputs(name: string, args: BastionNetworkArgs): pulumi.Inputs {
  return {
    resourceGroupName: args.resourceGroupName,
    ...namesOf(name, args),
    existingVirtualNetworkId: args.existingVirtualNetworkId,
    bastionSubnetPrefix: args.bastionSubnetPrefix,
    existingBastionSubnetId: args.existingBastionSubnetId,
    existingVmSubnetId: args.existingVmSubnetId,
  };
}

/** Returns the names of what the component creates. */
function namesOf(name: string, args: Pick<BastionNetworkArgs, "virtualNetworkName" | "vmSubnetName">) {
  return {
    virtualNetworkName: args.virtualNetworkName ?? name,
    vmSubnetName: args.vmSubnetName ?? defaultVmSubnetName,
  };
}

/** Input of every step of the construction. */
interface Build {
  readonly name: string;
  readonly subject: string;
  readonly args: BastionNetworkArgs;
  readonly parent: { readonly parent: BastionNetwork };
  readonly request: Checked<NetworkRequest>;
}

function checkedRequest(name: string, subject: string, given: BastionNetworkArgs): Checked<NetworkRequest> {
  const formed = component.formed(given);
  const { args } = formed;
  return checked<NetworkRequest>(
    subject,
    {
      ...namesOf(name, args),
      addressSpace: args.addressSpace,
      bastionSubnetPrefix: args.bastionSubnetPrefix,
      vmSubnetPrefix: args.vmSubnetPrefix,
      customVmPorts: args.customVmPorts,
      existingVirtualNetworkId: args.existingVirtualNetworkId,
      existingBastionSubnetId: args.existingBastionSubnetId,
      existingVmSubnetId: args.existingVmSubnetId,
    },
    (request) => [...adoptionProblems({ ...given }), ...networkRequestProblems(request), ...component.ruled(args)],
    formed,
    (known) => [...adoptionProblems({ ...given }), ...knownNetworkProblems(known), ...component.ruled(args)],
  );
}

function virtualNetworkInUse({ name, subject, args, parent, request }: Build): VirtualNetworkInUse {
  if (args.existingVirtualNetworkId !== undefined) {
    return adoptVirtualNetwork(subject, args.existingVirtualNetworkId, args.location, pulumi.output(request), parent);
  }
  // Subnets are separate resources: azure-native deletes subnets where inline and standalone ones are mixed
  // (VirtualNetworkArgs.subnets), and inline subnets would remove those that others added to the network.
  const resource = new VirtualNetwork(
    `${name}-vnet`,
    {
      resourceGroupName: args.resourceGroupName,
      location: args.location,
      virtualNetworkName: request.virtualNetworkName,
      addressSpace: { addressPrefixes: orElse(request.addressSpace, []) },
      tags: args.tags,
    },
    { ...parent, hooks: { beforeUpdate: [keepsSubnetsInside(subject, parent)] } },
  );
  return {
    id: resource.id,
    name: resource.name,
    resourceGroupName: pulumi.output(args.resourceGroupName),
    resource,
  };
}

function lockVirtualNetwork(
  { name, args, parent }: Build,
  { id, resource }: VirtualNetworkInUse,
  subnets: readonly (Subnet | undefined)[],
): void {
  if (resource !== undefined) {
    lockResource(
      `${name}-vnet-lock`,
      { scope: id, level: args.lock, notes: "The audited access path runs through this network." },
      // The lock also depends on the subnets: it covers them, so it must be deleted before them.
      { ...parent, dependsOn: [resource, ...subnets.filter((subnet) => subnet !== undefined)] },
    );
  }
}
