import assert from "node:assert/strict";
import type { Activity } from "../../../../cli/audit/activity/types.ts";
import { activityTest, type ActivityFilter } from "../../../../cli/commands/activity/filter.ts";
import type { VmScope } from "../../../../cli/commands/activity/vmScope.ts";
import { correlationId, nsgId, policyId, rule, vmId } from "../../audit/activity/events.ts";

const request: Activity = {
  time: "2026-05-04T12:00:00.000Z",
  lastTime: "2026-05-04T12:00:03.000Z",
  kind: "request",
  action: "initiate",
  status: "succeeded",
  error: null,
  caller: "Ada@example.com",
  callerNames: ["Ada@example.com"],
  callerName: null,
  callerApp: "cli-app",
  callerIp: null,
  vms: [{ id: vmId, name: "web", ports: [{ number: 22, source: null, until: null, durationSeconds: null }] }],
  acceptedVms: [vmId],
  reason: null,
  resource: policyId,
  rules: null,
  repeated: [],
  removed: [],
  opens: null,
  beyond: null,
  origin: null,
  originBy: null,
  request: null,
  correlationId,
  operationIds: [],
  events: 3,
};
const link = {
  ...{ correlationId, time: request.time, caller: request.caller, callerName: null, callerApp: "cli-app" },
  by: "correlation",
} as const;
const byJit: Activity = {
  ...{
    ...request,
    kind: "rule",
    action: "write",
    caller: "oid",
    callerNames: ["oid"],
    callerApp: "defender",
    resource: nsgId,
  },
  ...{ rules: [rule("JIT")], opens: true, origin: "jit", request: link },
};
const outside: Activity = {
  ...byJit,
  ...{
    caller: "bob@example.com",
    callerNames: ["bob@example.com", "oid-bob"],
    callerName: "Bob",
    callerApp: "cli-app",
    vms: [],
  },
  ...{ rules: [rule("Open")], origin: "outside", request: null },
};
const unclear: Activity = { ...outside, origin: "unclear", request: link };
const stack: Activity = { ...outside, origin: "stack", rules: [rule("Deny", { access: "deny" })], opens: false };
const shut: Activity = { ...stack, origin: "outside" };
const policy: Activity = { ...outside, kind: "policy", rules: null, opens: null, origin: null, resource: policyId };
const all = { request, byJit, outside, unclear, stack, shut, policy };

const web: VmScope = { wanted: "web", addresses: ["10.60.1.4"], nsgIds: [nsgId.toUpperCase()] };

function kept(filter: ActivityFilter, among: Readonly<Record<string, Activity>> = all): string[] {
  const test = activityTest(filter);
  return Object.entries(among).flatMap(([name, activity]) => (test(activity) ? [name] : []));
}

describe("activity shows", () => {
  it("everything without a filter", () => {
    assert.deepEqual(kept({}), Object.keys(all));
  });

  for (const [only, expected] of [
    ["requests", ["request"]],
    ["rules", ["byJit", "outside", "unclear", "stack", "shut"]],
    ["outside", ["outside", "unclear"]],
    ["policies", ["policy"]],
  ] as const) {
    it(`${only} where only they are asked for`, () => {
      assert.deepEqual(kept({ only }), expected);
    });
  }

  it("outside JIT what may open something as well", () => {
    assert.deepEqual(kept({ only: "outside" }, { deleted: { ...outside, action: "delete", opens: null } }), [
      "deleted",
    ]);
  });

  it("what a person did, by account, name or application, and the rules of the person's requests", () => {
    assert.deepEqual(kept({ user: "ada@EXAMPLE.com" }), ["request", "byJit", "unclear"]);
    assert.deepEqual(kept({ user: "bob" }), ["outside", "unclear", "stack", "shut", "policy"]);
    assert.deepEqual(kept({ user: "CLI-APP", only: "requests" }), ["request"]);
    assert.deepEqual(kept({ user: "OID-bob", only: "outside" }), ["outside", "unclear"]);
    assert.deepEqual(kept({ user: "ada_example.com#EXT#@contoso.onmicrosoft.com", only: "requests" }), ["request"]);
    assert.deepEqual(kept({ user: "eve@example.com" }), []);
  });

  it("all filters match", () => {
    assert.deepEqual(kept({ user: "bob", only: "outside", opens: 22 }), ["outside", "unclear"]);
  });
});

describe("activity --vm shows", () => {
  const rules = (facts: Partial<Activity>): Readonly<Record<string, Activity>> => ({ rule: { ...outside, ...facts } });
  const to = (...destinations: string[]) => rules({ rules: [rule("Open", { destinations })] });

  it("the requests for a VM, by name or id", () => {
    assert.deepEqual(kept({ vm: { ...web, wanted: "WEB" }, only: "requests" }), ["request"]);
    assert.deepEqual(kept({ vm: { ...web, wanted: vmId.toUpperCase() }, only: "requests" }), ["request"]);
    assert.deepEqual(kept({ vm: { ...web, wanted: "db" }, only: "requests" }), []);
    assert.deepEqual(kept({ vm: { ...web, wanted: `${vmId}2` }, only: "requests" }), []);
  });

  it("a VM by its id if a rule has only its name", () => {
    const named = { named: { ...byJit, resource: `${nsgId}2`, vms: [{ id: null, name: "web", ports: [] }] } };
    assert.deepEqual(kept({ vm: { ...web, wanted: vmId } }, named), ["named"]);
    assert.deepEqual(kept({ vm: { ...web, wanted: `${vmId}2` } }, named), []);
  });

  for (const [name, among, isKept] of [
    ["a rule to its address", to("10.60.1.4"), true],
    ["one to its network", to("192.0.2.1", "10.60.0.0/16"), true],
    ["one to everything", to("*"), true],
    ["one to a service tag", to("VirtualNetwork"), true],
    ["one to a group of VMs", to("/asg/web"), true],
    ["one in the group's own id", rules({ resource: `${nsgId}/securityRules/Open` }), true],
    ["one that is not known", rules({ rules: null }), true],
    ["a deletion", rules({ rules: [], removed: [rule("Deny", { access: "deny" })], opens: null }), true],
    ["none to other addresses", to("10.60.1.5", "2001:db8::/32"), false],
    ["none of another group", { rule: { ...outside, resource: `${nsgId}2` } }, false],
    ["no policy", { policy }, false],
  ] as const) {
    it(name, () => {
      assert.equal(kept({ vm: web }, among).length, isKept ? 1 : 0);
    });
  }

  it("only rules that name the address where the groups are not known", () => {
    const scope = { ...web, nsgIds: undefined };
    for (const [destination, isKept] of [
      ["10.60.1.4", true],
      ["10.60.1.0/24", true],
      ["*", false],
      ["VirtualNetwork", false],
    ] as const) {
      assert.equal(kept({ vm: scope }, to(destination)).length, isKept ? 1 : 0, destination);
    }
    assert.deepEqual(kept({ vm: { wanted: "web", addresses: [], nsgIds: undefined } }, to("10.60.1.4")), []);
  });
});

describe("activity --opens shows", () => {
  const opens = (facts: Partial<Activity>) => kept({ opens: 22 }, { it: { ...outside, ...facts } }).length === 1;

  it("requests for the port", () => {
    assert.deepEqual(kept({ opens: 22, only: "requests" }), ["request"]);
    assert.deepEqual(kept({ opens: 3389, only: "requests" }), []);
  });

  it("writes that let it in, alone, in a range, or with any other", () => {
    for (const ports of [["22"], ["20-25"], ["*"], ["80", "22"], []]) {
      assert.ok(opens({ rules: [rule("Open", { ports })] }), ports.join());
    }
    assert.ok(!opens({ rules: [rule("Open", { ports: ["80", "222"] })] }));
    assert.ok(!opens({ rules: [rule("Deny", { access: "deny" })], opens: false }));
  });

  it("writes that may let it in", () => {
    assert.ok(opens({ rules: null, opens: null }));
    const gone = (ports: string[]) => ({ rules: [], removed: [rule("Deny", { access: "deny", ports })], opens: null });
    assert.ok(opens(gone(["22", "3389"])));
    assert.ok(opens({ rules: [], removed: [], opens: null }));
    assert.ok(!opens(gone(["3389"])));
    const unclear = (ports: string[]) => ({ rules: [rule("Odd", { access: null, ports })], opens: null });
    assert.ok(opens(unclear(["22"])));
    assert.ok(!opens(unclear(["3389"])));
    assert.ok(!opens({ rules: null, opens: false }));
  });
});
