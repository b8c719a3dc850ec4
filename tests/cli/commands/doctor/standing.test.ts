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

  it("leaves out sources that several rules refuse together, and those that another group refuses", () => {
    const refuse = (...sources: string[]) => rule("refuse", { priority: 250, sources });
    const halves = ["10.0.0.0/27", "10.0.0.32/27"];
    assert.deepEqual(openings([refuse(...halves), allow("a"), standingDeny]), []);
    assert.deepEqual(openings([refuse("0.0.0.0/1", "128.0.0.0/1"), allow("a", { sources: ["*"] })]), []);
    assert.deepEqual(openings([refuse("10.0.0.0/27"), allow("a"), standingDeny]), [`nsg0 a: ${bastionRange}`]);
    const whole = allow("b", { sources: ["10.0.0.0/16"] });
    assert.deepEqual(openings([refuse(bastionRange), whole, standingDeny], [allow("a"), standingDeny]), []);
  });

  it("is not refused by a rule for another family, for some of a client's ports, or for a part of the sources", () => {
    const open = [`nsg0 a: *`];
    const allowAll = allow("a", { sources: ["*"] });
    for (const more of [
      { sources: ["::/0"] },
      { destinations: ["::/0"] },
      { sources: ["0.0.0.0/1"] },
      { sources: ["10.0.0.0/7"] },
      { sourcePorts: ["1024-65535"] },
    ]) {
      assert.deepEqual(openings([rule("refuse", { priority: 250, ...more }), allowAll]), open, JSON.stringify(more));
    }
    const whole = ["1-1023", "1024-65535"];
    assert.deepEqual(openings([rule("refuse", { priority: 250, sourcePorts: whole }), allowAll]), []);
    assert.deepEqual(openings([allow("a", { sources: ["::/0"] }), standingDeny]), []);
    const some = allow("a", { sources: ["*"], sourcePorts: ["1024"] });
    assert.deepEqual(openings([some]), ["nsg0 a: *", "nsg0 AllowVnetInBound: VirtualNetwork"]);
  });

  it("takes a tag for the addresses that it may have", () => {
    const refuse = (...sources: string[]) => rule("refuse", { priority: 250, sources });
    const from = (source: string) => allow("a", { sources: [source] });
    for (const [refused, source, count] of [
      ["Internet", "203.0.113.7", 0],
      ["Internet", "8.0.0.0/5", 1],
      ["VirtualNetwork", "/asg/ops", 0],
      ["VirtualNetwork", "10.0.0.0/16", 1],
      ["AzureCloud", "203.0.113.7", 1],
      ["10.0.0.0/8", "VirtualNetwork", 1],
    ] as const) {
      assert.equal(openings([refuse(refused), from(source), standingDeny]).length, count, `${refused} ${source}`);
    }
    const both = (one: string, other: string) =>
      openings([from(one), standingDeny], [from(other), standingDeny]).length;
    for (const [one, other, count] of [
      ["Internet", "VirtualNetwork", 0],
      ["Internet", "10.0.0.0/8", 0],
      ["Internet", "10.0.0.0/7", 2],
      ["Internet", "/asg/ops", 0],
      ["Internet", "AzureCloud", 2],
      ["AzureCloud", "VirtualNetwork", 2],
      ["VirtualNetwork", "10.0.1.0/24", 2],
      ["VirtualNetwork", "203.0.113.7", 0],
      ["/asg/ops", "/asg/admins", 2],
    ] as const) {
      assert.equal(both(one, other), count, `${one} ${other}`);
    }
  });

  it("may come from the virtual network by a public address if the VM has one there", () => {
    const from = (source: string) => [allow("a", { sources: [source] }), standingDeny];
    const count = (privateIp: string, one: string, other: string) =>
      standingOpenings([nsg(from(one), "nsg0"), nsg(from(other), "nsg1")], { ...target, privateIp }).length;
    assert.equal(count("203.0.114.4", "VirtualNetwork", "203.0.113.7"), 2);
    assert.equal(count("203.0.114.4", "Internet", "203.0.113.7"), 2);
    assert.equal(count("10.0.1.4", "VirtualNetwork", "203.0.113.7"), 0);
  });

  it("comes from addresses of the VM's own family", () => {
    const ipv6 = { ...target, privateIp: "fd00::4" };
    const from = (...sources: string[]) =>
      standingOpenings([nsg([allow("a", { sources }), standingDeny])], ipv6).map(({ sources: named }) => named);
    assert.deepEqual(from("fd00::/64"), [["fd00::/64"]]);
    assert.deepEqual(from("2001:db8::1", "10.0.0.0/8"), [["2001:db8::1"]]);
    assert.deepEqual(from("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), [["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]]);
    assert.deepEqual(from("0.0.0.0/0"), []);
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

  it("names Azure's own rule only for sources that no other one lets in", () => {
    const azures = "nsg0 AllowVnetInBound: VirtualNetwork";
    assert.deepEqual(openings([]), [azures]);
    assert.deepEqual(openings([allow("a")]), [`nsg0 a: ${bastionRange}`, azures]);
    for (const source of ["*", "VirtualNetwork"]) {
      assert.deepEqual(openings([allow("a", { sources: [source] })]), [`nsg0 a: ${source}`]);
    }
    assert.deepEqual(openings([], []), [
      "nsg0 AllowVnetInBound: VirtualNetwork",
      "nsg1 AllowVnetInBound: VirtualNetwork",
    ]);
  });

  it("does not count Azure's probes", () => {
    assert.deepEqual(openings([allow("probe", { sources: ["AzureLoadBalancer"] }), standingDeny]), []);
  });
});
