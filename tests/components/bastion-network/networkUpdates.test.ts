import assert from "node:assert/strict";
import type { GetSubnetResult } from "@pulumi/azure-native/network/getSubnet.js";
import type { GetVirtualNetworkResult } from "@pulumi/azure-native/network/getVirtualNetwork.js";
import { addressSpaceProblems, usedRangeProblems } from "../../../components/bastion-network/networkUpdates.ts";
import { describeProblem } from "../../../components/shared/problem.ts";

const nic = (name: string) => ({
  id: `/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/${name}/ipConfigurations/internal`,
});

describe("an update of a virtual network", () => {
  const live = {
    subnets: [
      { name: "AzureBastionSubnet", addressPrefix: "10.1.0.0/26" },
      { name: "vms", addressPrefixes: ["10.1.1.0/24", "fd00:1::/64"] },
    ],
  } as GetVirtualNetworkResult;
  const problems = (...ranges: string[]): string[] => addressSpaceProblems(live, ranges).map(describeProblem);

  it("may add ranges, and shrink to what contains every subnet", () => {
    assert.deepEqual(problems("10.1.0.0/16", "10.2.0.0/16"), []);
    assert.deepEqual(problems("10.1.0.0/23"), []);
    assert.deepEqual(problems("10.1.1.0/24", "10.1.0.0/25"), []);
  });

  it("never leaves a subnet outside, whoever made it", () => {
    assert.deepEqual(problems("10.1.0.0/24"), [
      'addressSpace is ["10.1.0.0/24"]; it must contain every subnet of the network; outside would be vms (10.1.1.0/24)',
    ]);
    assert.deepEqual(problems("10.8.0.0/16", "10.9.0.0/16"), [
      'addressSpace is ["10.8.0.0/16","10.9.0.0/16"]; it must contain every subnet of the network; ' +
        "outside would be AzureBastionSubnet (10.1.0.0/26), vms (10.1.1.0/24)",
    ]);
  });
});

describe("an update of a subnet", () => {
  const problems = (subnet: object, prefix: string): string[] =>
    usedRangeProblems("vmSubnetPrefix", subnet as GetSubnetResult, prefix).map(describeProblem);

  it("may get another range while nothing uses it", () => {
    assert.deepEqual(problems({ addressPrefix: "10.1.1.0/24" }, "10.1.2.0/24"), []);
    assert.deepEqual(problems({ addressPrefix: "10.1.1.0/24", ipConfigurations: [] }, "10.1.2.0/24"), []);
  });

  it("keeps its range while something uses it", () => {
    const used = { addressPrefix: "10.1.1.0/24", ipConfigurations: [nic("web-nic")] };
    assert.deepEqual(problems(used, "10.1.1.0/24"), []);
    assert.deepEqual(problems(used, "10.1.0.0/23"), [
      'vmSubnetPrefix is "10.1.0.0/23"; it was 10.1.1.0/24, and Azure does not change the range of a subnet in use ' +
        "(by networkInterfaces/web-nic); set it back, or first delete what uses the subnet",
    ]);
  });

  it("names at most three of its users", () => {
    const used = { addressPrefix: "10.1.1.0/24", ipConfigurations: ["a", "b", "c", "d", "e"].map(nic) };
    assert.deepEqual(problems(used, "10.1.2.0/24"), [
      'vmSubnetPrefix is "10.1.2.0/24"; it was 10.1.1.0/24, and Azure does not change the range of a subnet in use ' +
        "(by networkInterfaces/a, networkInterfaces/b, networkInterfaces/c and 2 more); set it back, or first delete what uses the subnet",
    ]);
  });
});
