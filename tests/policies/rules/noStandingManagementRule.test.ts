import assert from "node:assert/strict";
import { noStandingManagementRule } from "../../../policies/rules/noStandingManagementRule.ts";
import { judgeInputs, unknown } from "../stack.ts";

describe("policy no-standing-management-rule", () => {
  const allow = {
    access: "Allow",
    direction: "Inbound",
    protocol: "Tcp",
    sourceAddressPrefix: "10.0.0.0/8",
    destinationPortRange: "22",
  };
  const judgeRule = (props: object, config = {}) =>
    judgeInputs(
      noStandingManagementRule,
      { type: "network:SecurityRule", name: "hole", props: { ...allow, ...props } },
      config,
    );
  const violation = (ports: string, sources = "to 10.0.0.0/8 ") => [
    `Rule "hole" opens port ${ports} ${sources}for good. Remove it, and let a JIT policy open the port.`,
  ];

  it("accepts rules that deny, that are about other ports or protocols, or about traffic out", () => {
    assert.deepEqual(judgeRule({ access: "Deny" }), []);
    assert.deepEqual(judgeRule({ destinationPortRange: "443" }), []);
    assert.deepEqual(judgeRule({ direction: "Outbound" }), []);
    assert.deepEqual(judgeRule({ protocol: "Udp" }), []);
  });

  it("refuses a rule that opens a management port, in any form", () => {
    assert.deepEqual(judgeRule({}), violation("22"));
    assert.deepEqual(judgeRule({ destinationPortRange: "*", protocol: "*" }), violation("22 and 3389"));
    assert.deepEqual(judgeRule({ destinationPortRange: "20-30" }), violation("22"));
    assert.deepEqual(
      judgeRule({ destinationPortRange: undefined, destinationPortRanges: ["80", "3389"] }),
      violation("3389"),
    );
    assert.deepEqual(judgeRule({ access: "allow", direction: "INBOUND", protocol: "tcp" }), violation("22"));
  });

  it("names the sources, where they are known", () => {
    assert.deepEqual(judgeRule({ sourceAddressPrefixes: ["Internet"] }), violation("22", "to 10.0.0.0/8, Internet "));
    assert.deepEqual(judgeRule({ sourceAddressPrefix: unknown }), violation("22", ""));
  });

  it("refuses inline rules as well", () => {
    const group = {
      type: "network:NetworkSecurityGroup",
      name: "nsg",
      props: { securityRules: [{ name: "hole", ...allow }] },
    };
    assert.deepEqual(judgeInputs(noStandingManagementRule, group), violation("22"));
  });

  it("takes the ports from its config", () => {
    assert.deepEqual(judgeRule({}, { ports: [5986] }), []);
    assert.deepEqual(judgeRule({ destinationPortRange: "5985-5986" }, { ports: [5986] }), violation("5986"));
  });

  it("says nothing of ports that are not yet known", () => {
    assert.deepEqual(judgeRule({ destinationPortRange: unknown }), []);
    assert.deepEqual(judgeInputs(noStandingManagementRule, { type: "network:SecurityRule", name: "hole" }), []);
    assert.deepEqual(judgeInputs(noStandingManagementRule, { type: "network:NetworkSecurityGroup", name: "nsg" }), []);
  });
});
