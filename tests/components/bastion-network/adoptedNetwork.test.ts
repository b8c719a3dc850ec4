import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { idOf, subscriptionId } from "../recordedProgram.ts";
import { subnet, hub, place, adopted, deploy, refusal } from "./deployedNetwork.ts";

describe("an adopted BastionNetwork", () => {
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

  it("is refused before it is known if its subnets cannot be", async () => {
    const later = { existingVirtualNetworkId: pulumi.output("hub") };
    assert.equal(
      await refusal({
        ...place,
        ...later,
        addressSpace: ["10.0.0.0/16"],
        vmSubnetPrefix: "10.0.0.0/30",
        vmSubnetName: "-",
      }),
      [
        'BastionNetwork "trail" has 3 problems:',
        '  - addressSpace is ["10.0.0.0/16"]; not allowed with existingVirtualNetworkId: it applies only to a new network.',
        '  - vmSubnetPrefix is "10.0.0.0/30"; too small; must be /29 or larger.',
        '  - vmSubnetName is "-"; must be at most 80 letters, digits, underscores, periods and hyphens, starting with a letter or digit and not ending with a period or hyphen.',
      ].join("\n"),
    );
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
