import assert from "node:assert/strict";
import type { Group } from "../../../../cli/audit/activity/group.ts";
import { isRuleOf, mayGuard, requestsIn } from "../../../../cli/audit/activity/requests.ts";
import type { ActivityEvent } from "../../../../cli/audit/activity/types.ts";
import { allowName, asked, correlationId, event, initiate, nsgId, policyId, rule, vmId } from "./events.ts";

describe("the requests in the events of one correlation id", () => {
  const groupOf = (events: ActivityEvent[]): Group => ({
    ...{ kind: "request", correlationId, correlationIds: new Set([correlationId]), first: 0, events, opened: [] },
  });
  const of = (seconds: number, policy: string, ...vms: string[]) =>
    event(seconds, initiate, {
      ...{ resource: policy, status: "started" },
      asked: { ...asked, vms: vms.map((id) => ({ ...asked.vms[0]!, id })) },
    });

  it("are one for each policy, each with the events on its VMs; those on any other VM are of the first", () => {
    const requests = requestsIn(
      groupOf([
        of(0, policyId, vmId),
        of(1, `${policyId}-2`, `${vmId}-2`, `${vmId}-3`),
        event(2, initiate, { resource: `${vmId}-3`.toUpperCase() }),
        event(3, initiate, { resource: `${vmId}-4` }),
      ]),
    );
    assert.deepEqual(
      requests.map(({ policy, events }) => [policy, events.map(({ resource }) => resource)]),
      [
        [policyId, [policyId, `${vmId}-4`]],
        [`${policyId}-2`, [`${policyId}-2`, `${vmId}-3`.toUpperCase()]],
      ],
    );
  });
});

describe("a rule", () => {
  const asking = (source: string | null) => ({
    vms: [{ id: vmId, ports: [{ number: 22, source, until: null }] }],
  });
  const from = (...sources: string[]) => rule(allowName, { sources });

  it("is of a request that names several sources if it is from some of them", () => {
    assert.ok(isRuleOf(from("10.70.0.0/26"), asking("10.60.0.0/26 , 10.70.0.0/26")));
    assert.ok(!isRuleOf(from("10.80.0.0/26"), asking("10.60.0.0/26, 10.70.0.0/26")));
  });

  it("is of a request that names no source if it is from a single address, such as the caller's", () => {
    assert.ok(isRuleOf(from("203.0.113.7"), asking(null)));
    assert.ok(isRuleOf(from("203.0.113.7/32"), asking(null)));
    assert.ok(isRuleOf(from("2001:DB8::7/128"), asking(null)));
    assert.ok(!isRuleOf(from("203.0.113.0/24"), asking(null)));
    assert.ok(!isRuleOf(from("VirtualNetwork"), asking(null)));
    assert.ok(!isRuleOf(from("203.0.113.7", "203.0.113.8"), asking(null)));
    assert.ok(!isRuleOf(from(), asking(null)));
  });

  it("guards only VMs of its subscription, as far as the ids name one", () => {
    const elsewhere = vmId.replace(/^.subscriptions.[^/]+/, "/subscriptions/22222222-2222-3333-4444-555555555555");
    const guards = (...ids: (string | null)[]) =>
      mayGuard(
        nsgId,
        ids.map((id) => ({ id })),
      );
    assert.deepEqual(
      [
        guards(vmId.toUpperCase()),
        guards(null),
        guards(vmId, elsewhere),
        guards(elsewhere),
        mayGuard(null, [{ id: vmId }]),
      ],
      [true, true, false, false, true],
    );
  });
});
