import assert from "node:assert/strict";
import { allowName, defenderApp, nsgId, nsgWrite, rule, ruleDelete, ruleWrite, wireRule } from "./events.ts";
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
});
