import assert from "node:assert/strict";
import type { Activity } from "../../../audit/activity/types.ts";
import { activityTest, type ActivityFilter } from "../../../cli/activity/filter.ts";
import { correlationId, nsgId, policyId, rule, vmId } from "../../audit/activity/events.ts";

const request: Activity = {
  time: "2026-05-04T12:00:00.000Z",
  lastTime: "2026-05-04T12:00:03.000Z",
  kind: "request",
  action: "initiate",
  status: "succeeded",
  error: null,
  caller: "Ada@example.com",
  callerName: null,
  callerApp: "cli-app",
  callerIp: null,
  vms: [{ id: vmId, name: "web", ports: [] }],
  reason: null,
  resource: policyId,
  rules: null,
  opens: null,
  origin: null,
  request: null,
  correlationId,
  operationIds: [],
  events: 3,
};
const link = { correlationId, time: request.time, caller: request.caller, by: "correlation" } as const;
const byJit: Activity = { ...request, kind: "rule", action: "write", caller: "oid", origin: "jit", request: link };
const byHand: Activity = {
  ...byJit,
  caller: "bob@example.com",
  callerName: "Bob",
  vms: [],
  resource: nsgId,
  rules: [rule("Open")],
  origin: "hand",
  request: null,
};
const unclear: Activity = { ...byHand, origin: "unclear", request: link };
const policy: Activity = { ...byHand, kind: "policy", rules: null, origin: null };
const all = { request, byJit, byHand, unclear, policy };

const web = { id: vmId, name: "web", privateIp: "10.60.1.4" };

function kept(filter: ActivityFilter, machines = [web], among: Readonly<Record<string, Activity>> = all): string[] {
  const test = activityTest(filter, machines);
  return Object.entries(among).flatMap(([name, activity]) => (test(activity) ? [name] : []));
}

describe("activity shows", () => {
  it("everything without a filter", () => {
    assert.deepEqual(kept({}), Object.keys(all));
  });

  for (const [only, expected] of [
    ["requests", ["request"]],
    ["rules", ["byJit", "byHand", "unclear"]],
    ["hand", ["byHand", "unclear"]],
    ["policies", ["policy"]],
  ] as const) {
    it(`${only} where only they are asked for`, () => {
      assert.deepEqual(kept({ only }), expected);
    });
  }

  it("what a person did, by account, name or application, and the rules of the person's requests", () => {
    assert.deepEqual(kept({ user: "ada@EXAMPLE.com" }), ["request", "byJit", "unclear"]);
    assert.deepEqual(kept({ user: "bob" }), ["byHand", "unclear", "policy"]);
    assert.deepEqual(kept({ user: "CLI-APP", only: "requests" }), ["request"]);
    assert.deepEqual(kept({ user: "eve@example.com" }), []);
  });

  it("the requests for a VM, by name or id", () => {
    assert.deepEqual(kept({ vm: "WEB", only: "requests" }), ["request"]);
    assert.deepEqual(kept({ vm: vmId.toUpperCase(), only: "requests" }), ["request"]);
    assert.deepEqual(kept({ vm: "db", only: "requests" }), []);
    assert.deepEqual(kept({ vm: `${vmId}2`, only: "requests" }), []);
  });

  it("a VM by its id where a rule tells its name only", () => {
    const named = { named: { ...byJit, vms: [{ id: null, name: "web", ports: [] }] } };
    assert.deepEqual(kept({ vm: vmId }, [], named), ["named"]);
    assert.deepEqual(kept({ vm: `${vmId}2` }, [], named), []);
  });

  describe("every rule that may concern a VM", () => {
    const to = (...destinations: string[]): Readonly<Record<string, Activity>> => ({
      rule: { ...byHand, rules: [rule("Open", { destinations })] },
    });
    for (const [name, among, isKept] of [
      ["one to its address", to("10.60.1.4"), true],
      ["one to its network", to("192.0.2.1", "10.60.0.0/16"), true],
      ["one to everything", to("*"), true],
      ["one to a service tag", to("VirtualNetwork"), true],
      ["one to a group of machines", to(), true],
      ["one to what is no address", to("300.1.2.3"), true],
      ["one that is not known", { rule: { ...byHand, rules: null } }, true],
      ["none to other addresses", to("10.60.1.5", "2001:db8::/32"), false],
    ] as const) {
      it(name, () => {
        assert.deepEqual(kept({ vm: "web" }, [web], among), isKept ? ["rule"] : []);
      });
    }

    it("any where the VM's address is not known", () => {
      assert.deepEqual(kept({ vm: "web" }, [], to("10.60.1.5")), ["rule"]);
    });
  });
});
