import assert from "node:assert/strict";
import { hub, place, created, adopted, refusal } from "./deployedNetwork.ts";

describe("a refused request for a BastionNetwork", () => {
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
