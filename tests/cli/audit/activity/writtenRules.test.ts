import assert from "node:assert/strict";
import { allowName, defenderApp, nsgId, nsgWrite, rule, ruleDelete, ruleWrite, wireRule } from "./events.ts";
import { eventOf } from "../../../../cli/audit/activity/eventOf.ts";
import { rest, read } from "./eventForms.ts";

describe("the rules that a write states", () => {
  const single = { ...rest, operationName: ruleWrite, resourceId: `${nsgId}/securityRules/OpenSsh` };
  const group = { ...rest, operationName: nsgWrite, resourceId: nsgId };
  const groupBody = { properties: { securityRules: [wireRule(allowName), wireRule("AllowWeb"), 7] } };

  it("are one rule for a write of a rule, named by the id", () => {
    const { properties: facts } = wireRule("");
    assert.deepEqual(read({ ...single, properties: { requestbody: JSON.stringify({ properties: facts }) } }).rules, [
      rule("OpenSsh"),
    ]);
  });

  it("are those of the response if the request's body is missing", () => {
    assert.deepEqual(read({ ...single, properties: { responseBody: wireRule("OpenSsh") } }).rules, [rule("OpenSsh")]);
  });

  it("are all rules of a written group, whoever wrote it", () => {
    const write = { ...group, properties: { requestbody: JSON.stringify(groupBody) } };
    assert.deepEqual(read(write).rules, [rule(allowName), rule("AllowWeb")]);
    assert.deepEqual(read({ ...write, claims: { appid: defenderApp } }).rules, [rule(allowName), rule("AllowWeb")]);
  });

  it("name application security groups by their ids", () => {
    const groups = {
      sourceApplicationSecurityGroups: [{ id: "/asg/ops" }],
      destinationApplicationSecurityGroups: [{ ID: "/asg/web" }, {}],
    };
    const body = { properties: { access: "Allow", destinationPortRange: "22", ...groups } };
    const [one] = read({ ...single, properties: { requestbody: body } }).rules!;
    assert.deepEqual([one!.sources, one!.destinations], [["/asg/ops"], ["/asg/web"]]);
  });

  it("are unknown for a body without rules, and for a deletion", () => {
    assert.equal(read({ ...group, properties: { requestbody: '{"tags":{}}' } }).rules, null);
    const deletion = { ...single, operationName: ruleDelete, properties: { responseBody: wireRule("OpenSsh") } };
    assert.equal(read(deletion).rules, null);
  });

  it("have only the names that Azure knows, of which the last counts", () => {
    const { properties: facts } = wireRule("");
    const narrow = ["10.60.0.0/26"];
    const hidden = {
      source_address_prefixes: narrow,
      "sourceAddressPrefixes [UTC]": narrow,
      "sourceAddressPrefixes.": narrow,
    };
    const twice = { sourceaddressprefix: "10.60.0.0/26", ...facts, sourceAddressPrefix: "*" };
    const sources = (properties: object): unknown =>
      read({ ...single, properties: { requestbody: JSON.stringify({ properties }) } }).rules?.[0]?.sources;
    assert.deepEqual(sources({ ...facts, sourceAddressPrefix: "*", ...hidden }), ["*"]);
    assert.deepEqual(sources(twice), ["*"]);
  });

  it("have lists or single values, and null for what is not stated", () => {
    const facts = {
      destinationPortRanges: ["22", "3389"],
      destinationPortRange: "",
      sourcePortRange: "1024-65535",
      sourceAddressPrefixes: ["a", "b"],
    };
    const body = { properties: { ...facts, access: "Maybe", priority: "high" } };
    assert.deepEqual(read({ ...single, properties: { requestbody: body } }).rules, [
      {
        name: "OpenSsh",
        access: null,
        direction: null,
        priority: null,
        protocol: null,
        sources: ["a", "b"],
        destinations: [],
        ports: ["22", "3389"],
        sourcePorts: ["1024-65535"],
        description: null,
        jitName: false,
      },
    ]);
  });

  describe("with members that Azure would refuse", () => {
    const wrongIn = (event: object, requestbody: object) => {
      const found = eventOf({ ...event, properties: { requestbody } });
      assert.ok("event" in found);
      return { rules: found.event.rules, wrong: found.wrong };
    };

    it("are read without them, and each is named", () => {
      const odd = {
        access: 7,
        direction: "Up",
        priority: "high",
        sourceAddressPrefixes: "10.0.0.0/8",
        destinationPortRanges: { from: 22 },
        destinationApplicationSecurityGroups: "asg",
      };
      assert.deepEqual(wrongIn(single, wireRule("OpenSsh", odd)), {
        rules: [rule("OpenSsh", { access: null, direction: null, priority: null })],
        wrong: [
          "In its rule OpenSsh, access is not Allow or Deny: 7",
          "In its rule OpenSsh, direction is not Inbound or Outbound: Up",
          "In its rule OpenSsh, priority is not a number: high",
          "In its rule OpenSsh, sourceAddressPrefixes is not a list: 10.0.0.0/8",
          "In its rule OpenSsh, destinationApplicationSecurityGroups is not a list: asg",
          'In its rule OpenSsh, destinationPortRanges is not a list: {"from":22}',
        ],
      });
    });

    it("hide no other rule of their group", () => {
      const nameless = { properties: { access: "Maybe" } };
      const securityRules = [7, nameless, { name: "A" }, wireRule("AllowWeb")];
      const { rules, wrong } = wrongIn(group, { properties: { securityRules } });
      assert.deepEqual(rules?.slice(1), [rule("AllowWeb")]);
      assert.deepEqual(wrong, [
        "A rule of its group has no properties",
        "In a rule without a name, access is not Allow or Deny: Maybe",
        "A rule of its group has no properties",
      ]);
    });

    it("are unknown without properties or a list of rules", () => {
      assert.deepEqual(wrongIn(group, { properties: { securityRules: "all" } }), {
        rules: null,
        wrong: ["In its group, securityRules is not a list: all"],
      });
      assert.deepEqual(wrongIn(single, { properties: [1] }), {
        rules: null,
        wrong: ["Its body has properties that are no object: [1]"],
      });
    });
  });
});
