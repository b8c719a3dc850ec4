import assert from "node:assert/strict";
import fc from "fast-check";
import { propertyRuns } from "../../../propertyRuns.ts";
import {
  allowName,
  asked,
  at,
  byDefender,
  correlationId,
  denyName,
  event,
  fourEvents,
  initiate,
  nsgId,
  nsgWrite,
  policyId,
  rule,
  ruleDelete,
  ruleWrite,
  vmId,
} from "./events.ts";
import { fold, one, openSsh, other, verdict } from "./folded.ts";

describe("the four events of a JIT request", () => {
  it("are one request, and the rule that Defender wrote for it", async () => {
    const common = { correlationId, operationIds: ["o1"], error: null, status: "succeeded" };
    const vms = [
      {
        id: vmId,
        name: "web",
        ports: [{ number: 22, source: "10.60.0.0/26", until: at(3600), durationSeconds: 3600 }],
      },
    ];
    assert.deepEqual(await fold(fourEvents), [
      {
        ...common,
        time: at(0),
        lastTime: at(3),
        kind: "request",
        action: "initiate",
        caller: "ada@example.com",
        callerNames: ["ada@example.com"],
        callerName: null,
        callerApp: "cli-app",
        callerIp: "203.0.113.7",
        events: 3,
        vms,
        acceptedVms: [vmId],
        reason: "INC-1",
        resource: policyId,
        rules: [rule(allowName)],
        repeated: [],
        removed: [],
        opens: null,
        beyond: null,
        origin: null,
        originBy: null,
        request: null,
      },
      {
        ...common,
        time: at(2),
        lastTime: at(2),
        kind: "rule",
        action: "write",
        ...byDefender,
        callerNames: [byDefender.caller],
        events: 1,
        vms,
        acceptedVms: [],
        reason: null,
        resource: nsgId,
        rules: [rule(allowName), rule(denyName, { access: "deny" })],
        repeated: [],
        removed: [],
        opens: true,
        beyond: null,
        origin: "jit",
        originBy: "client-id",
        request: {
          correlationId,
          time: at(0),
          caller: "ada@example.com",
          callerName: null,
          callerApp: "cli-app",
          by: "correlation",
        },
      },
    ]);
  });

  for (const [missing, facts] of [
    ["its begin", { vms: [{ id: vmId, name: "web", ports: [] }], reason: null, status: "succeeded", time: at(1) }],
    ["the one on the VM", { reason: "INC-1", status: "succeeded", time: at(0) }],
    ["Defender's", { reason: "INC-1", rules: null, events: 3 }],
    ["its end", { reason: "INC-1", status: "succeeded", events: 2 }],
  ] as const) {
    it(`are a request without ${missing}`, async () => {
      const index = ["its begin", "the one on the VM", "Defender's", "its end"].indexOf(missing);
      const [request] = await fold(fourEvents.toSpliced(index, 1));
      assert.deepEqual({ ...request, ...facts }, request);
    });
  }

  it("are a request that begins with the rule, where the clocks of Azure's services differ", async () => {
    const [begin, onVm, write, end] = fourEvents;
    const [first, second] = await fold([begin!, onVm!, { ...write!, time: at(-5) }, end!]);
    assert.deepEqual([first?.kind, verdict(first!)], ["rule", { origin: "jit", opens: true, by: "correlation" }]);
    assert.deepEqual([second?.kind, second?.rules], ["request", [rule(allowName)]]);
  });

  it("are one request if its response came first", async () => {
    assert.equal((await one([event(0, initiate, { resource: policyId, status: "accepted" })])).status, "accepted");
    assert.equal((await one([event(0, initiate, { resource: policyId, status: "started" })])).status, "started");
    assert.equal((await one([event(0, initiate, { resource: policyId, status: "resolved" })])).status, "resolved");
    assert.equal((await one([event(0, initiate, { resource: policyId, status: null })])).status, null);
  });

  it("report a refusal in Azure's words, unless the same request succeeded later", async () => {
    const begin = event(0, initiate, { resource: policyId, status: "started", asked });
    const refused = event(1, initiate, { resource: policyId, status: "failed", error: "Busy: Try again." });
    const failed = await one([begin, refused]);
    assert.deepEqual([failed.status, failed.error], ["failed", "Busy: Try again."]);
    const again = await one([begin, refused, event(2, initiate, { resource: policyId })]);
    assert.deepEqual([again.status, again.error], ["succeeded", null]);
  });

  it("report that one of several VMs failed", async () => {
    const failure = event(1, initiate, { resource: `${vmId}2`, status: "failed", error: "Conflict" });
    const request = await one([...fourEvents.filter(({ operation }) => operation === initiate), failure]);
    assert.deepEqual([request.status, request.vms.map(({ name }) => name)], ["failed", ["web", "web2"]]);
    assert.deepEqual(request.acceptedVms, [vmId]);
  });

  it("accept no VM if the policy refused them all, whatever an event on a VM says", async () => {
    const failure = event(4, initiate, { resource: policyId, status: "failed", error: "Conflict" });
    const request = await one([...fourEvents.filter(({ operation }) => operation === initiate), failure]);
    assert.deepEqual([request.status, request.acceptedVms], ["failed", []]);
  });

  it("are two requests where two policies were asked under one correlation id, each with its own VM", async () => {
    const [second, two] = [`${policyId}-2`, `${vmId}-2`];
    const also = { vms: [{ id: two, ports: [{ number: 22, source: null, until: null }] }], justification: "INC-2" };
    const requests = await fold([
      ...fourEvents.filter(({ operation }) => operation === initiate),
      event(4, initiate, { resource: second, status: "started", asked: also }),
      event(5, initiate, { resource: two }),
    ]);
    assert.deepEqual(
      requests.map(({ resource, reason, vms, events }) => [resource, reason, vms.map(({ name }) => name), events]),
      [
        [policyId, "INC-1", ["web"], 3],
        [second, "INC-2", ["web-2"], 2],
      ],
    );
  });

  it("are two requests where a client used one correlation id again, each with its own status and end", async () => {
    const [begin, , write, end] = fourEvents;
    const longer = { ...asked, vms: [{ id: vmId, ports: [{ ...asked.vms[0]!.ports[0]!, until: at(10_800) }] }] };
    const requests = await fold([
      ...[begin!, { ...end!, status: "failed", error: "Conflict" }],
      ...[
        { ...begin!, time: at(60), asked: longer },
        { ...write!, time: at(62) },
        { ...end!, time: at(63) },
      ],
    ]);
    assert.deepEqual(
      requests.map(({ kind, time, status, vms, request }) => [
        kind,
        time,
        status,
        vms[0]?.ports[0]?.until,
        request?.time,
      ]),
      [
        ["request", at(0), "failed", at(3600), undefined],
        ["request", at(60), "succeeded", at(10_800), undefined],
        ["rule", at(62), "succeeded", at(10_800), at(60)],
      ],
    );
  });

  it("are one even without a correlation id, and not with those of a request hours later", async () => {
    const loose = fourEvents.map((one) => ({ ...one, correlationId: null }));
    const requests = (await fold([...loose, ...loose.map((one) => ({ ...one, time: at(7200) }))])).filter(
      ({ kind }) => kind === "request",
    );
    assert.deepEqual(
      requests.map(({ time, events }) => [time, events]),
      [
        [at(0), 3],
        [at(7200), 3],
      ],
    );
  });
});

describe("a second correlation id", () => {
  it("holds the events of a request together, and links Defender's write to it", async () => {
    const [begin, onVm, write, end] = fourEvents;
    const [request, byDefender, ...others] = await fold([
      begin!,
      onVm!,
      { ...write!, correlationId: other, serviceRequestId: correlationId.toUpperCase() },
      { ...end!, correlationId: other, serviceRequestId: correlationId },
    ]);
    assert.deepEqual(others, []);
    assert.deepEqual([request?.events, request?.rules?.length], [3, 1]);
    assert.deepEqual(byDefender?.request?.by, "correlation");
  });
});

describe("activities", () => {
  it("are sorted by time, in any order of the events", async () => {
    const late = event(7200, initiate, { resource: policyId, correlationId: other });
    const times = (await fold([late, ...fourEvents.toReversed()])).map(({ time }) => time);
    assert.deepEqual(times, [at(0), at(2), at(7200)]);
  });

  const anyEvent = fc
    .record({
      seconds: fc.integer({ min: 0, max: 9000 }),
      operation: fc.constantFrom(initiate, nsgWrite, ruleWrite, ruleDelete),
      correlationId: fc.constantFrom(correlationId, other, null),
      status: fc.constantFrom("started", "accepted", "succeeded", "failed", null),
      resource: fc.constantFrom(policyId, `${policyId}-2`, vmId, nsgId, openSsh, `${nsgId}/securityRules/${allowName}`),
      who: fc.constantFrom(byDefender, { caller: "bob@example.com" }, {}),
      rules: fc.constantFrom(null, [rule(allowName)], [rule("OpenSsh")]),
      asked: fc.constantFrom(null, asked),
      justification: fc.constantFrom("line \u2028 break", "INC-1"),
    })
    .map(({ seconds, operation, who, justification, ...facts }) =>
      event(seconds, operation, {
        id: null,
        ...facts,
        ...who,
        asked: facts.asked === null ? null : { ...facts.asked, justification },
      }),
    );

  it("are the same whatever the order of the events, with any of them twice, held in memory or not", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { maxLength: 25 }).chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc.subarray(events).chain((twice) => {
              const all = [...events, ...twice];
              return fc.shuffledSubarray(all, { minLength: all.length });
            }),
            fc.constantFrom(1, 1500, undefined),
          ),
        ),
        async ([events, mixed, held]) => {
          const clean = await fold(events);
          assert.deepEqual(await fold(mixed, held), clean);
          const distinct = new Set(events.map((one) => JSON.stringify(one)));
          assert.equal(
            clean.reduce((sum, { events: count }) => sum + count, 0),
            distinct.size,
          );
          assert.deepEqual(
            clean.map(({ time }) => time),
            clean.map(({ time }) => time).sort(),
          );
        },
      ),
      propertyRuns(150),
    );
  });

  it("tell the same request whatever events of it are lost, but for what only those said", async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...fourEvents], { minLength: 1 }), async (left) => {
        const activities = await fold(left);
        const requests = activities.filter(({ kind }) => kind === "request");
        assert.ok(requests.length <= 1 && activities.length <= 2);
        const [whole] = await fold(fourEvents);
        for (const fact of ["caller", "reason", "callerIp", "rules"] as const) {
          const said = requests[0]?.[fact] ?? null;
          if (said !== null) assert.deepEqual(said, whole![fact]);
        }
      }),
    );
  });
});
