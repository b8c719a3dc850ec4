import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { BastionNetwork, type BastionNetworkArgs } from "../../../components/bastion-network/bastionNetwork.ts";
import { bastionNsgRules } from "../../../core/rules/bastionNsgRules.ts";
import { idOf, recordProgram, refusalOf, subscriptionId } from "../recordedProgram.ts";

const virtualNetwork = "azure-native:network:VirtualNetwork";
const securityGroup = "azure-native:network:NetworkSecurityGroup";
const subnet = "azure-native:network:Subnet";
const managementLock = "azure-native:authorization:ManagementLockByScope";
const natGateway = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/natGateways/out`;

/** What the azure-native SDK adds to every subnet. */
const sdkDefaults = { privateEndpointNetworkPolicies: "Disabled", privateLinkServiceNetworkPolicies: "Enabled" };

const hub = `/subscriptions/${subscriptionId}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet`;

const place = { resourceGroupName: "rg", location: "westeurope" };
const created: BastionNetworkArgs = {
  ...place,
  addressSpace: ["10.20.0.0/16"],
  bastionSubnetPrefix: "10.20.0.0/26",
  vmSubnetPrefix: "10.20.1.0/24",
};
const adopted: BastionNetworkArgs = {
  ...place,
  existingVirtualNetworkId: hub,
  bastionSubnetPrefix: "10.0.1.0/26",
  vmSubnetPrefix: "10.0.2.0/24",
};

/** What Azure tells of the adopted network, unless a test says otherwise. */
const hubNetwork = {
  id: hub,
  name: "hub-vnet",
  location: "West Europe",
  addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
  subnets: [
    { name: "apps", addressPrefix: "10.0.0.0/24" },
    { name: "AzureBastionSubnet", addressPrefix: "10.0.1.0/26" },
    { name: "vms", addressPrefix: "10.0.2.0/24" },
  ],
};

function deploy(
  args: BastionNetworkArgs,
  found: { network?: object; subnets?: Record<string, object> } = {},
  opts?: pulumi.ComponentResourceOptions,
) {
  return recordProgram(
    () => {
      const { virtualNetworkId, bastionSubnetId, bastionSubnetPrefix, vmSubnetId } = new BastionNetwork(
        "trail",
        args,
        opts,
      );
      return { virtualNetworkId, bastionSubnetId, bastionSubnetPrefix, vmSubnetId };
    },
    {
      outputs: (type, inputs) => (type === virtualNetwork ? { name: inputs.virtualNetworkName } : {}),
      functions: {
        "azure-native:network:getVirtualNetwork": () => ({ ...hubNetwork, ...found.network }),
        "azure-native:network:getSubnet": ({ subnetName }) => ({
          id: `${hub}/subnets/${String(subnetName)}`,
          ...found.subnets?.[String(subnetName)],
        }),
      },
    },
  );
}

/** The message with which a request is refused. */
function refusal(args: BastionNetworkArgs, found?: Parameters<typeof deploy>[1]): Promise<string> {
  return refusalOf(() => deploy(args, found));
}

describe("BastionNetwork", () => {
  describe("a created network", () => {
    it("has a virtual network without inline subnets, so that standalone ones are not taken away", async () => {
      const { inputs, parent } = (await deploy(created)).only(virtualNetwork);
      assert.deepEqual(inputs, {
        resourceGroupName: "rg",
        location: "westeurope",
        virtualNetworkName: "trail",
        addressSpace: { addressPrefixes: ["10.20.0.0/16"] },
        // The azure-native SDK adds these two.
        enableDdosProtection: false,
        enableVmProtection: false,
      });
      assert.equal(parent, "trail");
    });

    it("has AzureBastionSubnet with the network security group that holds the eight required rules", async () => {
      const { resources, only } = await deploy(created);
      const group = only(securityGroup);
      assert.equal(group.inputs.networkSecurityGroupName, "trail-bastion-nsg");
      assert.deepEqual(group.ignoreChanges, ["securityRules[*].etag", "securityRules[*].provisioningState"]);
      assert.deepEqual(group.inputs.securityRules, bastionNsgRules());
      const bastionSubnet = resources.find(({ name }) => name === "trail-bastion-subnet");
      assert.deepEqual(bastionSubnet?.inputs, {
        resourceGroupName: "rg",
        virtualNetworkName: "trail",
        subnetName: "AzureBastionSubnet",
        addressPrefix: "10.20.0.0/26",
        networkSecurityGroup: { id: idOf("trail-bastion-nsg") },
        ...sdkDefaults,
      });
    });

    it("has a VM subnet without a network security group, made after the other subnet", async () => {
      const vmSubnet = (await deploy(created)).resources.find(({ name }) => name === "trail-vm-subnet");
      assert.deepEqual(vmSubnet?.inputs, {
        resourceGroupName: "rg",
        virtualNetworkName: "trail",
        subnetName: "vms",
        addressPrefix: "10.20.1.0/24",
        defaultOutboundAccess: true,
        ...sdkDefaults,
      });
      assert.ok(vmSubnet.dependsOn.includes("trail-bastion-subnet"));
    });

    it("gives ids and the Bastion subnet's range", async () => {
      assert.deepEqual((await deploy(created)).result, {
        virtualNetworkId: idOf("trail-vnet"),
        bastionSubnetId: idOf("trail-bastion-subnet"),
        bastionSubnetPrefix: "10.20.0.0/26",
        vmSubnetId: idOf("trail-vm-subnet"),
      });
    });

    it("registers what it gives as its outputs", async () => {
      const component = (await deploy(created)).only("bastion-trail:index:BastionNetwork");
      assert.deepEqual(component.registeredOutputs, [
        "bastionSubnetId",
        "bastionSubnetPrefix",
        "virtualNetworkId",
        "vmSubnetId",
      ]);
    });

    it("parents everything to the component, tags what can have tags, and passes protect on", async () => {
      const { resources } = await deploy({ ...created, tags: { owner: "ops" } }, {}, { protect: true });
      const children = resources.filter(({ name }) => name !== "trail");
      assert.deepEqual(
        children.map(({ name, parent, protect, inputs }) => [name, parent, protect, inputs.tags]).sort(),
        [
          ["trail-bastion-nsg", "trail", true, { owner: "ops" }],
          ["trail-bastion-subnet", "trail", true, undefined],
          ["trail-vm-subnet", "trail", true, undefined],
          ["trail-vnet", "trail", true, { owner: "ops" }],
        ],
      );
    });

    it("names what it makes after the virtual network", async () => {
      const { only, resources } = await deploy({
        ...created,
        virtualNetworkName: "prod-vnet",
        vmSubnetName: "servers",
      });
      assert.equal(only(virtualNetwork).inputs.virtualNetworkName, "prod-vnet");
      assert.equal(only(securityGroup).inputs.networkSecurityGroupName, "prod-vnet-bastion-nsg");
      assert.deepEqual(
        resources
          .filter(({ type }) => type === subnet)
          .map(({ inputs }) => inputs.subnetName)
          .sort(),
        ["AzureBastionSubnet", "servers"],
      );
    });

    it("gives the VMs a way out through a NAT gateway, and then no address lent by Azure", async () => {
      const vmSubnetOf = async (args: Partial<BastionNetworkArgs>) =>
        (await deploy({ ...created, ...args })).resources.find(({ name }) => name === "trail-vm-subnet")?.inputs;
      const gateway = await vmSubnetOf({ vmNatGatewayId: natGateway });
      assert.deepEqual(gateway?.natGateway, { id: natGateway });
      assert.equal(gateway.defaultOutboundAccess, false);
      assert.equal((await vmSubnetOf({ vmDefaultOutboundAccess: false }))?.defaultOutboundAccess, false);
    });

    it("lets Bastion reach custom ports", async () => {
      const { inputs } = (await deploy({ ...created, customVmPorts: [2222, 22] })).only(securityGroup);
      const rule = (inputs.securityRules as { name: string; destinationPortRanges?: string[] }[]).find(
        ({ name }) => name === "AllowSshRdpOutbound",
      );
      assert.deepEqual(rule?.destinationPortRanges, ["22", "3389", "2222"]);
    });

    it("locks the virtual network after its subnets, so that the lock goes first", async () => {
      const lock = (await deploy({ ...created, lock: "CanNotDelete" })).only(managementLock);
      assert.equal(lock.inputs.scope, idOf("trail-vnet"));
      assert.equal(lock.inputs.level, "CanNotDelete");
      for (const below of ["trail-vnet", "trail-bastion-subnet", "trail-vm-subnet"]) {
        assert.ok(lock.dependsOn.includes(below), below);
      }
    });

    it("needs no AzureBastionSubnet for Bastion Developer, which connects from Azure's own address", async () => {
      const { result, resources } = await deploy({ ...created, bastionSubnetPrefix: undefined });
      assert.deepEqual(resources.map(({ name }) => name).sort(), ["trail", "trail-vm-subnet", "trail-vnet"]);
      assert.equal(result.bastionSubnetId, undefined);
      assert.equal(result.bastionSubnetPrefix, "168.63.129.16/32");
    });
  });

  describe("an adopted network", () => {
    it("is read, and gets the subnets and the Bastion subnet's network security group", async () => {
      const { resources, result, calls } = await deploy(adopted);
      assert.deepEqual(resources.map(({ type, name }) => [type, name]).sort(), [
        ["azure-native:network:NetworkSecurityGroup", "trail-bastion-nsg"],
        [subnet, "trail-bastion-subnet"],
        [subnet, "trail-vm-subnet"],
        ["bastion-trail:index:BastionNetwork", "trail"],
      ]);
      for (const { inputs } of resources.filter(({ type }) => type === subnet)) {
        assert.equal(inputs.resourceGroupName, "hub");
        assert.equal(inputs.virtualNetworkName, "hub-vnet");
      }
      assert.deepEqual(calls, [
        {
          token: "azure-native:network:getVirtualNetwork",
          inputs: { resourceGroupName: "hub", virtualNetworkName: "hub-vnet" },
        },
      ]);
      assert.deepEqual(result, {
        virtualNetworkId: hub,
        bastionSubnetId: idOf("trail-bastion-subnet"),
        bastionSubnetPrefix: "10.0.1.0/26",
        vmSubnetId: idOf("trail-vm-subnet"),
      });
    });

    it("lends subnets that are there, and then nothing is created", async () => {
      const { resources, result } = await deploy(
        {
          ...place,
          existingVirtualNetworkId: hub,
          existingBastionSubnetId: `${hub}/subnets/AzureBastionSubnet`,
          existingVmSubnetId: `${hub}/subnets/apps`,
        },
        {
          subnets: {
            AzureBastionSubnet: { addressPrefixes: ["fd00::/64", "10.0.1.0/26"] },
            apps: { addressPrefix: "10.0.0.0/24" },
          },
        },
      );
      assert.deepEqual(
        resources.map(({ name }) => name),
        ["trail"],
      );
      assert.deepEqual(result, {
        virtualNetworkId: hub,
        bastionSubnetId: `${hub}/subnets/AzureBastionSubnet`,
        bastionSubnetPrefix: "10.0.1.0/26",
        vmSubnetId: `${hub}/subnets/apps`,
      });
    });

    it("may be known only during the deployment", async () => {
      const { result } = await deploy({ ...adopted, existingVirtualNetworkId: pulumi.output(hub) });
      assert.equal(result.virtualNetworkId, hub);
    });

    it("is refused in another region", async () => {
      assert.equal(
        await refusal({ ...adopted, location: "northeurope" }),
        'BastionNetwork "trail": location is "northeurope"; the adopted network is in West Europe; Azure Bastion must be in the same region as its network.',
      );
    });

    it("is refused in another subscription, where the provider finds one of the same name", async () => {
      const other = hub.replace(subscriptionId, "99999999-0000-0000-0000-000000000000");
      assert.equal(
        await refusal({ ...adopted, existingVirtualNetworkId: other }),
        `BastionNetwork "trail": existingVirtualNetworkId is "${other}"; must be in the provider's own subscription; the lookup there found ${hub}.`,
      );
    });

    it("is refused when the subnets do not fit into it", async () => {
      assert.equal(
        await refusal({ ...adopted, bastionSubnetPrefix: "10.0.0.64/26", vmSubnetPrefix: "10.9.0.0/24" }),
        'BastionNetwork "trail" has 2 problems:\n' +
          '  - vmSubnetPrefix is "10.9.0.0/24"; must be inside the address space 10.0.0.0/16.\n' +
          '  - bastionSubnetPrefix is "10.0.0.64/26"; must not overlap the subnet apps (10.0.0.0/24) of the virtual network.',
      );
    });

    it("is refused when its AzureBastionSubnet is too small", async () => {
      const id = `${hub}/subnets/AzureBastionSubnet`;
      assert.equal(
        await refusal(
          { ...place, existingVirtualNetworkId: hub, existingBastionSubnetId: id, vmSubnetPrefix: "10.0.2.0/24" },
          { subnets: { AzureBastionSubnet: { addressPrefix: "10.0.1.0/27" } } },
        ),
        `BastionNetwork "trail": existingBastionSubnetId is "${id}"; its range is 10.0.1.0/27; Azure Bastion requires /26 or larger.`,
      );
    });
  });

  describe("a refused request", () => {
    it("reports all problems of the values together", async () => {
      assert.equal(
        await refusal({
          ...place,
          virtualNetworkName: "-",
          addressSpace: ["10.20.0.0/16"],
          bastionSubnetPrefix: "10.20.0.0/28",
          vmSubnetPrefix: "10.20.0.0/24",
          vmSubnetName: "azurebastionsubnet",
          customVmPorts: [0],
        }),
        'BastionNetwork "trail" has 5 problems:\n' +
          '  - bastionSubnetPrefix is "10.20.0.0/28"; too small; must be /26 or larger.\n' +
          '  - vmSubnetPrefix is "10.20.0.0/24"; must not overlap bastionSubnetPrefix 10.20.0.0/28.\n' +
          '  - virtualNetworkName is "-"; must be at most 64 letters, digits, underscores, periods and hyphens, starting with a letter or digit and not ending with a period or hyphen.\n' +
          '  - vmSubnetName is "azurebastionsubnet"; AzureBastionSubnet is reserved for Azure Bastion.\n' +
          "  - customVmPorts[0] is 0; must be a whole number from 1 to 65535.",
      );
    });

    it("needs an address space and a VM subnet", async () => {
      assert.equal(
        await refusal(place),
        'BastionNetwork "trail" has 2 problems:\n' +
          "  - vmSubnetPrefix is missing; required unless existingVmSubnetId is set: the VMs need a subnet.\n" +
          '  - addressSpace is []; must have at least one IPv4 range, such as "10.20.0.0/16".',
      );
    });

    it("does not set on an adopted network what belongs to a created one", async () => {
      assert.equal(
        await refusal({
          ...adopted,
          virtualNetworkName: "x",
          addressSpace: ["10.0.0.0/16"],
          lock: "CanNotDelete",
          existingBastionSubnetId: `${hub}/subnets/AzureBastionSubnet`,
          existingVmSubnetId: `${hub}/subnets/apps`,
          vmSubnetName: "vms",
        }),
        'BastionNetwork "trail" has 6 problems:\n' +
          '  - virtualNetworkName is "x"; not allowed with existingVirtualNetworkId: it applies only to a new network.\n' +
          '  - addressSpace is ["10.0.0.0/16"]; not allowed with existingVirtualNetworkId: it applies only to a new network.\n' +
          '  - lock is "CanNotDelete"; not allowed with existingVirtualNetworkId: it applies only to a new network.\n' +
          '  - bastionSubnetPrefix is "10.0.1.0/26"; not allowed together with existingBastionSubnetId.\n' +
          '  - vmSubnetPrefix is "10.0.2.0/24"; not allowed together with existingVmSubnetId.\n' +
          '  - vmSubnetName is "vms"; not allowed with existingVmSubnetId: it applies only to a new subnet.',
      );
    });

    it("does not adopt a subnet without its network, nor open custom ports without a group of its own", async () => {
      const id = `${hub}/subnets/AzureBastionSubnet`;
      assert.equal(
        await refusal({
          ...created,
          bastionSubnetPrefix: undefined,
          existingBastionSubnetId: id,
          customVmPorts: [2222],
        }),
        'BastionNetwork "trail" has 2 problems:\n' +
          `  - existingBastionSubnetId is "${id}"; requires existingVirtualNetworkId: a subnet is adopted together with its network.\n` +
          "  - customVmPorts is [2222]; requires bastionSubnetPrefix: it applies only to a new AzureBastionSubnet.",
      );
    });

    it("takes only ids of the right kind", async () => {
      assert.equal(
        await refusal({
          ...place,
          existingVirtualNetworkId: "hub",
          existingBastionSubnetId: hub,
          existingVmSubnetId: "x",
        }),
        'BastionNetwork "trail" has 3 problems:\n' +
          '  - existingVirtualNetworkId is "hub"; must be the ARM id of a Microsoft.Network/virtualNetworks resource.\n' +
          `  - existingBastionSubnetId is "${hub}"; must be the ARM id of a Microsoft.Network/virtualNetworks/subnets resource.\n` +
          '  - existingVmSubnetId is "x"; must be the ARM id of a Microsoft.Network/virtualNetworks/subnets resource.',
      );
      const spoke = hub.replace("hub-vnet", "spoke");
      assert.equal(
        await refusal({
          ...place,
          existingVirtualNetworkId: hub,
          existingBastionSubnetId: `${spoke}/subnets/apps`,
          existingVmSubnetId: `${spoke}/subnets/AzureBastionSubnet`,
        }),
        'BastionNetwork "trail" has 3 problems:\n' +
          `  - existingBastionSubnetId is "${spoke}/subnets/apps"; Azure Bastion requires a subnet named AzureBastionSubnet.\n` +
          `  - existingBastionSubnetId is "${spoke}/subnets/apps"; must be a subnet of ${hub}.\n` +
          `  - existingVmSubnetId is "${spoke}/subnets/AzureBastionSubnet"; AzureBastionSubnet is reserved for Azure Bastion.`,
      );
    });
  });
});

describe("rules of the network security group of AzureBastionSubnet", () => {
  it("are the eight that Azure requires", () => {
    const row = (rule: ReturnType<typeof bastionNsgRules>[number]): string =>
      [
        rule.name,
        rule.direction,
        rule.priority,
        `${rule.sourceAddressPrefix} ${rule.sourcePortRange}`,
        `${rule.destinationAddressPrefix} ${rule.destinationPortRange ?? rule.destinationPortRanges?.join("+")}`,
        rule.protocol,
        rule.access,
      ].join(" | ");
    assert.deepEqual(bastionNsgRules().map(row), [
      "AllowHttpsInbound | Inbound | 120 | Internet * | * 443 | Tcp | Allow",
      "AllowGatewayManagerInbound | Inbound | 130 | GatewayManager * | * 443 | Tcp | Allow",
      "AllowAzureLoadBalancerInbound | Inbound | 140 | AzureLoadBalancer * | * 443 | Tcp | Allow",
      "AllowBastionHostCommunication | Inbound | 150 | VirtualNetwork * | VirtualNetwork 8080+5701 | * | Allow",
      "AllowSshRdpOutbound | Outbound | 100 | * * | VirtualNetwork 22+3389 | * | Allow",
      "AllowAzureCloudOutbound | Outbound | 110 | * * | AzureCloud 443 | Tcp | Allow",
      "AllowBastionCommunication | Outbound | 120 | VirtualNetwork * | VirtualNetwork 8080+5701 | * | Allow",
      "AllowHttpOutbound | Outbound | 130 | * * | Internet 80 | * | Allow",
    ]);
  });
});
