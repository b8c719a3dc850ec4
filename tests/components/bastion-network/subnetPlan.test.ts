import assert from "node:assert/strict";
import fc from "fast-check";
import {
  adoptedBastionSubnetProblems,
  adoptedNetworkProblems,
  type SubnetPlan,
  subnetPlanProblems,
} from "../../../components/bastion-network/subnetPlan.ts";
import { describeProblem } from "../../../components/shared/problem.ts";

const good: SubnetPlan = {
  addressSpace: ["10.20.0.0/16"],
  bastionSubnetPrefix: "10.20.0.0/26",
  vmSubnetPrefix: "10.20.1.0/24",
};
const problemsOf = (plan: Partial<SubnetPlan>): string[] =>
  subnetPlanProblems({ ...good, ...plan }).map(describeProblem);

describe("address ranges of a network", () => {
  it("accepts a /26 for Bastion and a /29 for the VMs inside the address space", () => {
    assert.deepEqual(problemsOf({}), []);
    assert.deepEqual(problemsOf({ vmSubnetPrefix: "10.20.1.0/29" }), []);
    assert.deepEqual(problemsOf({ addressSpace: ["10.20.0.0/24", "10.20.1.0/24"] }), []);
    assert.deepEqual(problemsOf({ bastionSubnetPrefix: undefined }), []);
  });

  it("refuses a Bastion subnet smaller than /26", () => {
    assert.deepEqual(problemsOf({ bastionSubnetPrefix: "10.20.0.0/27" }), [
      'bastionSubnetPrefix is "10.20.0.0/27"; too small; must be /26 or larger',
    ]);
  });

  it("refuses a VM subnet smaller than /29", () => {
    assert.deepEqual(problemsOf({ vmSubnetPrefix: "10.20.1.0/30" }), [
      'vmSubnetPrefix is "10.20.1.0/30"; too small; must be /29 or larger',
    ]);
  });

  it("refuses a subnet outside the address space", () => {
    assert.deepEqual(problemsOf({ vmSubnetPrefix: "10.21.0.0/24" }), [
      'vmSubnetPrefix is "10.21.0.0/24"; must be inside the address space 10.20.0.0/16',
    ]);
  });

  it("refuses a subnet that is larger than the address space", () => {
    assert.deepEqual(problemsOf({ bastionSubnetPrefix: undefined, vmSubnetPrefix: "10.0.0.0/8" }), [
      'vmSubnetPrefix is "10.0.0.0/8"; must be inside the address space 10.20.0.0/16',
    ]);
  });

  it("refuses subnets that overlap, whichever contains the other", () => {
    assert.deepEqual(problemsOf({ vmSubnetPrefix: "10.20.0.0/24" }), [
      'vmSubnetPrefix is "10.20.0.0/24"; must not overlap bastionSubnetPrefix 10.20.0.0/26',
    ]);
    assert.deepEqual(problemsOf({ bastionSubnetPrefix: "10.20.0.0/24", vmSubnetPrefix: "10.20.0.64/26" }), [
      'vmSubnetPrefix is "10.20.0.64/26"; must not overlap bastionSubnetPrefix 10.20.0.0/24',
    ]);
  });

  it("requires the network address, and suggests it", () => {
    assert.deepEqual(problemsOf({ vmSubnetPrefix: "10.20.1.5/24" }), [
      'vmSubnetPrefix is "10.20.1.5/24"; the range starts at 10.20.1.0; write "10.20.1.0/24"',
    ]);
  });

  for (const text of ["", "10.20.1.0", "10.20.1/24", "10.20.1.0/33", "010.20.1.0/24x", "fd00::/64", "10.20.1.256/24"]) {
    it(`refuses "${text}", which is no IPv4 range`, () => {
      assert.deepEqual(problemsOf({ vmSubnetPrefix: text }), [
        `vmSubnetPrefix is "${text}"; must be an IPv4 range in CIDR form, such as "10.20.0.0/24"`,
      ]);
    });
  }

  it("refuses an address space that is empty, overlaps itself or is reserved by Azure", () => {
    assert.deepEqual(problemsOf({ addressSpace: [] }), [
      'addressSpace is []; must have at least one IPv4 range, such as "10.20.0.0/16"',
    ]);
    assert.deepEqual(problemsOf({ addressSpace: ["10.20.0.0/16", "10.20.4.0/24"] }), [
      'addressSpace is ["10.20.0.0/16","10.20.4.0/24"]; 10.20.0.0/16 and 10.20.4.0/24 must not overlap',
    ]);
    for (const [range, name] of [
      ["224.0.0.0/8", "224.0.0.0/4 (multicast)"],
      ["127.0.0.0/16", "127.0.0.0/8 (loopback)"],
      ["169.254.0.0/24", "169.254.0.0/16 (link-local)"],
      ["168.63.129.0/24", "168.63.129.16/32 (Azure's own DNS and health probes)"],
    ] as const) {
      assert.deepEqual(problemsOf({ addressSpace: ["10.20.0.0/16", range] }), [
        `addressSpace is "${range}"; a virtual network cannot contain ${name}`,
      ]);
    }
  });

  it("reports all problems together", () => {
    assert.deepEqual(
      problemsOf({ addressSpace: ["10.20.0.1/16"], bastionSubnetPrefix: "10.30.0.0/28", vmSubnetPrefix: "x" }),
      [
        'addressSpace is "10.20.0.1/16"; the range starts at 10.20.0.0; write "10.20.0.0/16"',
        'bastionSubnetPrefix is "10.30.0.0/28"; too small; must be /26 or larger',
        'vmSubnetPrefix is "x"; must be an IPv4 range in CIDR form, such as "10.20.0.0/24"',
        'bastionSubnetPrefix is "10.30.0.0/28"; must be inside the address space 10.20.0.1/16',
      ],
    );
  });

  it("refuses two subnets exactly when they share an address", () => {
    const subnet = fc
      .tuple(fc.integer({ min: 0, max: 1023 }), fc.integer({ min: 22, max: 26 }))
      .map(([block, length]) => {
        const size = 2 ** (32 - length);
        const start = Math.floor((block * 64) / size) * size;
        return { start, end: start + size, cidr: `10.20.${Math.floor(start / 256)}.${start % 256}/${length}` };
      });
    fc.assert(
      fc.property(subnet, subnet, (bastion, vms) => {
        const share = bastion.start < vms.end && vms.start < bastion.end;
        const problems = problemsOf({ bastionSubnetPrefix: bastion.cidr, vmSubnetPrefix: vms.cidr });
        assert.equal(problems.length, share ? 1 : 0, `${bastion.cidr} and ${vms.cidr}`);
      }),
    );
  });
});

describe("address ranges in an adopted network", () => {
  const present = [{ name: "apps", prefixes: ["fd00::/64", "10.20.1.128/25"] }];
  const adopt = (plan: Partial<SubnetPlan>): string[] =>
    adoptedNetworkProblems({ ...good, ...plan }, present).map(describeProblem);

  it("accepts subnets beside those that are there", () => {
    assert.deepEqual(adopt({ vmSubnetPrefix: "10.20.2.0/24" }), []);
  });

  it("refuses a subnet that overlaps one that is there", () => {
    assert.deepEqual(adopt({}), [
      'vmSubnetPrefix is "10.20.1.0/24"; must not overlap the subnet apps (fd00::/64, 10.20.1.128/25) of the virtual network',
    ]);
  });

  it("refuses a subnet outside the network's own address space", () => {
    assert.deepEqual(adopt({ addressSpace: ["fd00::/56", "10.20.0.0/24"], vmSubnetPrefix: "10.20.2.0/24" }), [
      'vmSubnetPrefix is "10.20.2.0/24"; must be inside the address space 10.20.0.0/24',
    ]);
  });

  it("refuses to adopt a Bastion subnet smaller than /26", () => {
    assert.deepEqual(adoptedBastionSubnetProblems("/id", "10.20.0.0/26"), []);
    assert.deepEqual(adoptedBastionSubnetProblems("/id", "10.20.0.0/27").map(describeProblem), [
      'existingBastionSubnetId is "/id"; its range is 10.20.0.0/27; Azure Bastion requires /26 or larger',
    ]);
  });
});
