import assert from "node:assert/strict";
import { type BastionNetworkArgs } from "../../../components/bastion-network/bastionNetwork.ts";
import { bastionNsgRules } from "../../../core/rules/bastionNsgRules.ts";
import { idOf } from "../recordedProgram.ts";
import {
  virtualNetwork,
  securityGroup,
  subnet,
  managementLock,
  natGateway,
  sdkDefaults,
  created,
  deploy,
} from "./deployedNetwork.ts";

describe("a created BastionNetwork", () => {
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
    assert.deepEqual(children.map(({ name, parent, protect, inputs }) => [name, parent, protect, inputs.tags]).sort(), [
      ["trail-bastion-nsg", "trail", true, { owner: "ops" }],
      ["trail-bastion-subnet", "trail", true, undefined],
      ["trail-vm-subnet", "trail", true, undefined],
      ["trail-vnet", "trail", true, { owner: "ops" }],
    ]);
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
