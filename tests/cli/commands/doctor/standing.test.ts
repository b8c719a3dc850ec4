import assert from "node:assert/strict";
import type { SecurityRule } from "../../../../cli/azure/networkSecurityRules.ts";
import { standingOpenings } from "../../../../cli/commands/doctor/standing.ts";
import { bastionRange, jitAllow, nsg, rule, standingDeny } from "./fixture.ts";

const target = { privateIp: "10.0.1.4", asgIds: ["/asg/web"], port: 22, protocol: "TCP" };
const allow = (name: string, more: Partial<SecurityRule> = {}) =>
  rule(name, { access: "allow", priority: 300, protocol: "tcp", sources: [bastionRange], ...more });

describe("what reaches a port without a request", () => {
  const openings = (...groups: SecurityRule[][]) =>
    standingOpenings(
      groups.map((rules, index) => nsg(rules, `nsg${index}`)),
      target,
    ).map(({ group, rule: { name }, sources }) => `${group.name} ${name}: ${sources.join(", ")}`);

  it("is what a rule before the deny lets in, and not what one after it would", () => {
    assert.deepEqual(openings([allow("a"), standingDeny]), [`nsg0 a: ${bastionRange}`]);
    assert.deepEqual(openings([allow("a", { priority: 4001 }), standingDeny]), []);
  });

  it("is not what Defender's rule of a request lets in", () => {
    assert.deepEqual(openings([jitAllow, standingDeny]), []);
  });

  it("is about the port, the protocol, the address and the way in", () => {
    const concerned = (more: Partial<SecurityRule>) => openings([allow("a", more), standingDeny]).length === 1;
    for (const more of [
      { ports: ["20-25"] },
      { ports: ["80", "22"] },
      { ports: ["*"] },
      { protocol: "*" },
      { destinations: ["10.0.1.0/24"] },
      { destinations: ["VirtualNetwork"] },
      { destinations: ["/ASG/web"] },
    ]) {
      assert.ok(concerned(more), JSON.stringify(more));
    }
    for (const more of [
      { ports: ["222"] },
      { protocol: "udp" },
      { destinations: ["10.0.2.0/24"] },
      { destinations: ["/asg/db"] },
      { destinations: ["Storage"] },
      { direction: "outbound" as const },
    ]) {
      assert.ok(!concerned(more), JSON.stringify(more));
    }
  });

  it("leaves out sources that a rule before it refuses", () => {
    const refuse = rule("refuse", { priority: 250, sources: ["10.0.0.0/16"] });
    assert.deepEqual(openings([refuse, allow("a"), standingDeny]), []);
    assert.deepEqual(openings([refuse, allow("a", { sources: [bastionRange, "203.0.113.7"] }), standingDeny]), [
      "nsg0 a: 203.0.113.7",
    ]);
  });

  it("ends at a rule that lets everybody in", () => {
    assert.deepEqual(openings([allow("all", { sources: ["0.0.0.0/0"] }), allow("a", { priority: 310 })]), [
      "nsg0 all: 0.0.0.0/0",
    ]);
  });

  it("has to get through both groups", () => {
    assert.deepEqual(openings([standingDeny], [allow("a"), standingDeny]), []);
    assert.deepEqual(
      openings([allow("a"), standingDeny], [allow("b", { sources: ["203.0.113.7"] }), standingDeny]),
      [],
    );
    assert.deepEqual(openings([], [allow("b"), standingDeny]), [`nsg1 b: ${bastionRange}`]);
    assert.deepEqual(openings([], [allow("b", { sources: ["Internet"] }), standingDeny]), []);
  });

  it("names Azure's own rule only where no other one lets people in", () => {
    assert.deepEqual(openings([]), ["nsg0 AllowVnetInBound: VirtualNetwork"]);
    assert.deepEqual(openings([allow("a")]), [`nsg0 a: ${bastionRange}`]);
    assert.deepEqual(openings([], []), [
      "nsg0 AllowVnetInBound: VirtualNetwork",
      "nsg1 AllowVnetInBound: VirtualNetwork",
    ]);
  });

  it("does not count Azure's probes", () => {
    assert.deepEqual(openings([allow("probe", { sources: ["AzureLoadBalancer"] }), standingDeny]), []);
  });
});
