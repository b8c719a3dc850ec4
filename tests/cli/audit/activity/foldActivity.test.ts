import assert from "node:assert/strict";
import fc from "fast-check";
import { distinctEvents } from "../../../../cli/audit/activity/distinctEvents.ts";
import { foldActivity } from "../../../../cli/audit/activity/foldActivity.ts";
import { sortEvents } from "../../../../cli/audit/activity/sortEvents.ts";
import type { Activity, ActivityEvent, WrittenRule } from "../../../../cli/audit/activity/types.ts";
import { bastionNsgRules } from "../../../../core/rules/bastionNsgRules.ts";
import { collect } from "../collect.ts";
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

const other = "c0000000-0000-4000-8000-000000000002";
const openSsh = `${nsgId}/securityRules/OpenSsh`;

async function fold(events: readonly ActivityEvent[], held?: number): Promise<Activity[]> {
  const source = async function* (): AsyncGenerator<ActivityEvent> {
    yield* await Promise.resolve(events);
  };
  return collect(foldActivity(distinctEvents(await sortEvents(source(), held)).events));
}

async function one(events: readonly ActivityEvent[]): Promise<Activity> {
  const [activity, ...others] = await fold(events);
  assert.ok(activity !== undefined);
  assert.deepEqual(others, []);
  return activity;
}

/** What links and marks a write of rules. */
function verdict({ origin, opens, request }: Activity) {
  return { origin, opens, by: request?.by ?? null };
}

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

  it("are one where its answer came first", async () => {
    assert.equal((await one([event(0, initiate, { resource: policyId, status: "accepted" })])).status, "accepted");
    assert.equal((await one([event(0, initiate, { resource: policyId, status: "started" })])).status, "started");
    assert.equal((await one([event(0, initiate, { resource: policyId, status: "resolved" })])).status, "resolved");
    assert.equal((await one([event(0, initiate, { resource: policyId, status: null })])).status, null);
  });

  it("tell a refusal in Azure's words, unless the same request succeeded after it", async () => {
    const begin = event(0, initiate, { resource: policyId, status: "started", asked });
    const refused = event(1, initiate, { resource: policyId, status: "failed", error: "Busy: Try again." });
    const failed = await one([begin, refused]);
    assert.deepEqual([failed.status, failed.error], ["failed", "Busy: Try again."]);
    const again = await one([begin, refused, event(2, initiate, { resource: policyId })]);
    assert.deepEqual([again.status, again.error], ["succeeded", null]);
  });

  it("tell that one of several VMs failed", async () => {
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

/** A write that opens SSH to everybody, outside JIT. */
const openedSsh = { resource: openSsh, correlationId: other, rules: [rule("OpenSsh", { sources: ["*"] })] };

describe("a write of rules", () => {
  it("that opens a port past JIT is marked, its events folded into one", async () => {
    const hand = await one([
      event(0, ruleWrite, { ...openedSsh, status: "started" }),
      event(1, ruleWrite, { ...openedSsh, status: "accepted", rules: null }),
      event(2, ruleWrite, { ...openedSsh, rules: null }),
    ]);
    assert.deepEqual(verdict(hand), { origin: "outside", opens: true, by: null });
    assert.deepEqual([hand.events, hand.status, hand.caller, hand.vms], [3, "succeeded", "ada@example.com", []]);
  });

  it("opens nothing where it denies, goes out, or was refused, and nobody knows where its body is not there", async () => {
    const opens = async (facts: Partial<ActivityEvent>) =>
      (await one([event(0, ruleWrite, { ...openedSsh, ...facts })])).opens;
    assert.equal(await opens({ rules: [rule("A", { access: "deny" })] }), false);
    assert.equal(await opens({ rules: [rule("A", { direction: "outbound" })] }), false);
    assert.equal(await opens({ status: "failed" }), false);
    assert.equal(await opens({ rules: null }), null);
  });

  it("may open something where it deletes a rule", async () => {
    assert.deepEqual(verdict(await one([event(0, ruleDelete, { ...openedSsh, rules: null })])), {
      origin: "outside",
      opens: null,
      by: null,
    });
  });

  it("under a request's correlation id is unclear where it is not Defender's: anybody can send that id", async () => {
    const [, hidden] = await fold([fourEvents[0]!, event(2, ruleWrite, { ...openedSsh, correlationId })]);
    assert.deepEqual(verdict(hidden!), { origin: "unclear", opens: true, by: "correlation" });
  });

  it("under a name of Defender's is outside JIT all the same", async () => {
    const resource = `${nsgId}/securityRules/${allowName}`;
    const faked = await one([event(0, ruleWrite, { ...openedSsh, resource, rules: [rule(allowName)] })]);
    assert.deepEqual(verdict(faked), { origin: "outside", opens: true, by: null });
  });

  it("of Defender under another correlation id belongs to the request that asked for what it opens, minutes before", async () => {
    const write = { ...fourEvents[2]!, correlationId: other };
    const others = fourEvents.toSpliced(2, 1);
    const linked = async (seconds: number, facts: Partial<ActivityEvent> = {}) =>
      (await fold([...others, { ...write, time: at(seconds), ...facts }])).find(({ kind }) => kind === "rule")!;
    assert.equal((await linked(600)).request?.by, "time");
    assert.equal((await linked(-30)).request?.by, "time");
    assert.equal((await linked(1000)).request, null);
    assert.equal((await linked(600, { rules: [rule(allowName, { ports: ["3389"] })] })).request, null);
    assert.equal((await linked(600, { rules: [rule(allowName, { sources: ["*"] })] })).request, null);
    assert.equal((await linked(600, { rules: [rule(allowName, { description: "of VM 'db'." })] })).request, null);
    const [request] = await fold([...others, { ...write, time: at(600) }]);
    assert.deepEqual(request?.rules, [rule(allowName)]);
  });

  it("of Defender names its VM where its request is not known", async () => {
    const { vms, request } = await one([{ ...fourEvents[2]!, correlationId: other }]);
    assert.deepEqual([vms, request], [[{ id: null, name: "web", ports: [] }], null]);
  });

  it("that deletes a request's rule belongs to the request while it runs, and opens nothing", async () => {
    const resource = `${nsgId.toUpperCase()}/SECURITYRULES/${allowName.toUpperCase()}`;
    const deletion = (seconds: number) =>
      event(seconds, ruleDelete, { resource, correlationId: other, caller: "bob@x" });
    const last = async (seconds: number) => (await fold([...fourEvents, deletion(seconds)])).at(-1)!;
    assert.deepEqual(verdict(await last(3000)), { origin: "outside", opens: false, by: "rule" });
    assert.deepEqual(verdict(await last(3 * 3600)), { origin: "outside", opens: false, by: null });
  });
});

/** Rules of a JIT VM's group as a deployment writes them. */
const denyManagement = rule("DenyManagementPorts", {
  ...{ access: "deny", priority: 4000, protocol: "*", sources: ["*"], destinations: ["*"], description: null },
});
const denyBastion = rule("DenyBastionSubnet", {
  ...{ access: "deny", priority: 4010, protocol: "*", destinations: ["*"], ports: ["*"], description: null },
});
const jitRuleId = `${nsgId}/securityRules/${allowName}`;

describe("what somebody opens beyond a request", () => {
  const wider = async (facts: Partial<WrittenRule>, seconds = 600) => {
    const write = event(seconds, ruleWrite, {
      ...{ resource: jitRuleId, correlationId: other, caller: "bob@example.com", rules: [rule(allowName, facts)] },
    });
    const { origin, opens, beyond, request } = (await fold([...fourEvents, write])).at(-1)!;
    return { origin, opens, beyond, by: request?.by ?? null };
  };
  const told = { origin: "outside", opens: true, by: "rule" };

  for (const [facts, beyond] of [
    [{ sources: ["*"] }, ["source *"]],
    [{ sources: ["10.60.0.0/26", "Internet"] }, ["source Internet"]],
    [{ ports: ["0-65535"] }, ["port 0-65535"]],
    [{ ports: ["22", "3389"] }, ["port 3389"]],
    [{ destinations: ["*"] }, ["destination *"]],
    [{ destinations: ["10.60.1.5"] }, ["destination 10.60.1.5"]],
    [{ destinations: ["/asg/web"] }, ["destination web"]],
    [{ sources: ["VirtualNetwork"], ports: ["*"] }, ["source VirtualNetwork", "port *"]],
    [{ protocol: "*" }, []],
  ] as const) {
    it(`is told of a rule that Defender wrote and somebody widened to ${JSON.stringify(facts)}`, async () => {
      assert.deepEqual(await wider(facts), { ...told, beyond });
    });
  }

  it("is the time, too", async () => {
    assert.deepEqual(await wider({ sources: ["*"] }, 3700), { ...told, beyond: ["no request was active"] });
  });

  it("is all of it where Azure refused the request, and what a port opens that was to close earlier", async () => {
    const write = event(600, ruleWrite, { ...openedSsh, rules: [rule("OpenSsh")] });
    const last = async (...events: ActivityEvent[]) => (await fold([...events, write])).at(-1)!.beyond;
    const [begin, , , end] = fourEvents;
    assert.deepEqual(await last(begin!, end!), []);
    assert.deepEqual(await last(begin!, { ...end!, status: "failed" }), ["no request was active"]);
    const [vm] = asked.vms;
    const ports = [
      { ...vm!.ports[0]!, until: at(300) },
      { ...vm!.ports[0]!, number: 3389 },
    ];
    assert.deepEqual(await last({ ...begin!, asked: { ...asked, vms: [{ ...vm!, ports }] } }, end!), ["port 22"]);
  });

  it("is told of a rule of any name", async () => {
    const write = event(600, ruleWrite, {
      ...openedSsh,
      resource: `${nsgId}/securityRules/App`,
      rules: [rule("App", { ports: ["80"] })],
    });
    const { beyond, origin } = (await fold([...fourEvents, write])).at(-1)!;
    assert.deepEqual([origin, beyond], ["outside", ["port 80"]]);
  });

  it("is not among the rules of the request, whoever's correlation id it is under", async () => {
    const forged = rule(`${allowName}0`, { sources: ["Internet"] });
    const twin = rule(`${allowName}1`);
    const hand = event(2, ruleWrite, { resource: `${nsgId}/securityRules/${twin.name!}`, rules: [twin] });
    const [begin, onVm, write, end] = fourEvents;
    const restated = { ...write!, rules: [...write!.rules!, forged] };
    const [request, ...writes] = await fold([begin!, onVm!, hand, restated, end!]);
    assert.deepEqual(request?.rules, [rule(allowName)]);
    assert.deepEqual(
      writes.map((one) => [one.origin, one.rules?.map(({ name }) => name), one.beyond]),
      [
        ["unclear", [twin.name], []],
        ["jit", [allowName, denyName], null],
      ],
    );
  });
});

describe("a write of a whole group", () => {
  const groupWrite = (seconds: number, rules: readonly WrittenRule[], facts: Partial<ActivityEvent> = {}) =>
    event(seconds, nsgWrite, {
      resource: nsgId,
      correlationId: `g${seconds}`,
      caller: "bob@example.com",
      rules,
      ...facts,
    });
  const jitRules = [rule(allowName), rule(denyName, { access: "deny" })];

  it("of Defender tells the rules of others that it repeats where no earlier event shows them so", async () => {
    const [open, moved] = [rule("Open"), rule("Open", { priority: 111 })];
    const groups = await fold([
      groupWrite(0, [open, rule(allowName)], byDefender),
      groupWrite(7200, [open, rule(allowName)], byDefender),
      groupWrite(14_400, [moved, rule(allowName)], byDefender),
      groupWrite(21_600, [rule("Other"), moved, rule(allowName)]),
    ]);
    assert.deepEqual(
      groups.map(({ repeated, rules, opens }) => [repeated, rules?.map(({ name }) => name), opens]),
      [
        [[open], [allowName], true],
        [[], [], false],
        [[moved], [], false],
        [[], ["Other"], true],
      ],
    );
  });

  it("repeats a range of one address or port, however it is written", async () => {
    const written = { destinations: ["10.60.1.4/32"], sources: ["fd00::1/128"], ports: ["22-22", "80-81"] };
    const [, again] = await fold([
      groupWrite(0, [rule("Open", { destinations: ["10.60.1.4"], sources: ["FD00::1"], ports: ["80-81", "22"] })]),
      groupWrite(7200, [rule("Open", written)]),
    ]);
    assert.deepEqual([again?.rules, again?.removed], [[], []]);
  });

  it("opens nothing where it only states again what was there", async () => {
    const [, , again] = await fold([...fourEvents, groupWrite(900, jitRules)]);
    assert.deepEqual([again?.rules, again?.removed, again?.opens], [[], [], false]);
  });

  it("is told by what it adds, changes and leaves out", async () => {
    const [allow, deny] = jitRules;
    const open = rule("Open", { sources: ["*"] });
    const [, , write] = await fold([...fourEvents, groupWrite(900, [{ ...allow!, ports: ["*"] }, open])]);
    assert.deepEqual(
      [write?.rules?.map(({ name }) => name), write?.removed],
      [
        [allowName, "Open"],
        [allow, deny],
      ],
    );
    assert.deepEqual([write?.origin, write?.opens, write?.beyond], ["outside", true, ["port *", "source *"]]);
    const [, , less] = await fold([...fourEvents, groupWrite(900, [allow!])]);
    assert.deepEqual([less?.rules, less?.removed, less?.opens], [[], [deny], null]);
  });

  it("counts from the last one that succeeded", async () => {
    const open = rule("Open", { sources: ["*"] });
    const [refused, again] = await fold([groupWrite(0, [open], { status: "failed" }), groupWrite(7200, [open])]);
    assert.deepEqual([refused?.opens, again?.opens], [false, true]);
  });
});

describe("a deployment", () => {
  const run = { caller: "deployer", callerApp: "pipeline" };
  const created = [
    event(0, nsgWrite, { ...run, resource: nsgId, rules: [] }),
    event(5, ruleWrite, { ...run, resource: `${nsgId}/securityRules/DenyManagementPorts`, rules: [denyManagement] }),
    event(9, ruleWrite, { ...run, resource: `${nsgId}/securityRules/DenyBastionSubnet`, rules: [denyBastion] }),
  ].map((one, index) => ({ ...one, correlationId: `up${index}` }));
  const bastionGroup = event(1, nsgWrite, {
    ...{ ...run, resource: `${nsgId}-bastion`, correlationId: "up-bastion" },
    rules: bastionNsgRules([8022]).map((wire) =>
      rule(wire.name, {
        access: "allow",
        direction: wire.direction === "Inbound" ? "inbound" : "outbound",
        priority: wire.priority,
        protocol: wire.protocol.toLowerCase(),
        sources: [wire.sourceAddressPrefix],
        destinations: [wire.destinationAddressPrefix],
        ports: wire.destinationPortRanges ?? [wire.destinationPortRange!],
      }),
    ),
  });
  const deleted = (seconds: number, name: string | undefined, facts: Partial<ActivityEvent> = {}) =>
    event(seconds, name === undefined ? "Microsoft.Network/networkSecurityGroups/delete" : ruleDelete, {
      ...{ ...run, resource: name === undefined ? nsgId : `${nsgId}/securityRules/${name}` },
      correlationId: `down${seconds}`,
      ...facts,
    });
  const shown = (activities: readonly Activity[]) =>
    activities.map(
      ({ action, origin, originBy, opens }) => `${action} ${origin ?? "-"} by ${originBy ?? "-"}: ${opens ?? "?"}`,
    );

  it("is told by what it writes, though its Bastion rules open ports", async () => {
    assert.deepEqual(shown(await fold([...created, bastionGroup])), [
      "write stack by content: false",
      "write stack by content: true",
      "write stack by content: false",
      "write stack by content: false",
    ]);
  });

  it("is not what somebody writes into a VM's group under the names of its rules", async () => {
    const [bastion] = bastionGroup.rules!;
    const hidden = (resource: string, rules: readonly WrittenRule[]) =>
      event(7200, resource.includes("securityRules") ? ruleWrite : nsgWrite, {
        ...run,
        resource,
        correlationId: "x",
        rules,
      });
    const last = async (one: ActivityEvent) => shown([(await fold([...created, one])).at(-1)!])[0];
    assert.equal(
      await last(hidden(`${nsgId}/securityRules/${bastion!.name!}`, [bastion!])),
      "write outside by client-id: true",
    );
    assert.equal(await last(hidden(nsgId, bastionGroup.rules!)), "write outside by client-id: true");
    const narrower = { ...denyManagement, ports: ["3389"] };
    assert.equal(
      await last(hidden(`${nsgId}/securityRules/DenyManagementPorts`, [narrower])),
      "write outside by client-id: ?",
    );
    const open = { ...denyManagement, access: "allow" } as const;
    assert.equal(
      await last(hidden(`${nsgId}/securityRules/DenyManagementPorts`, [open])),
      "write outside by client-id: true",
    );
  });

  it("is told where it updates a group and states again what is there, but for what is somebody else's", async () => {
    const again = (rules: readonly WrittenRule[]) =>
      event(7200, nsgWrite, { ...run, resource: nsgId, correlationId: "again", rules });
    const denies = [denyManagement, denyBastion];
    const jit = event(100, ruleWrite, {
      ...byDefender,
      resource: jitRuleId,
      correlationId: "jit",
      rules: [rule(allowName)],
    });
    const open = event(200, ruleWrite, { ...openedSsh, rules: [rule("OpenSsh")] });
    const last = async (...events: ActivityEvent[]) => shown([(await fold([...created, ...events])).at(-1)!])[0];
    assert.equal(await last(again(denies)), "write stack by content: false");
    assert.equal(await last(jit, again([...denies, rule(allowName)])), "write stack by content: false");
    assert.equal(await last(again([...denies, rule(allowName)])), "write outside by client-id: true");
    assert.equal(await last(open, again([...denies, rule("OpenSsh")])), "write outside by client-id: false");
    assert.equal(
      await last(open, { ...open, time: at(7300), correlationId: "b" }),
      "write outside by client-id: false",
    );
  });

  it("that is taken down opens nothing: its groups go with their rules", async () => {
    const down = [deleted(7200, "DenyManagementPorts"), deleted(7205, "DenyBastionSubnet"), deleted(7300, undefined)];
    assert.deepEqual(shown((await fold([...created, ...down])).slice(3)), [
      "delete stack by content: false",
      "delete stack by content: false",
      "delete stack by content: false",
    ]);
  });

  it("is not taken down by whoever deletes a standing rule alone", async () => {
    const last = async (...more: ActivityEvent[]) => shown((await fold([...created, ...more])).slice(3))[0];
    const deny = deleted(7200, "DenyManagementPorts");
    const open = "delete outside by client-id: ?";
    assert.equal(await last(deny), open);
    assert.equal(await last(deny, deleted(9000, undefined)), open);
    assert.equal(await last(deny, deleted(7300, undefined, { caller: "bob@example.com" })), open);
    assert.equal(await last(deny, deleted(7300, undefined, { status: "failed" })), open);
  });
});

describe("one event in two spellings", () => {
  it("is one, whichever comes first, with all that either tells", async () => {
    const one = event(0, ruleWrite, { ...openedSsh, id: "e1", status: "started" });
    const two = { ...one, id: "E1", resource: openSsh.toLowerCase(), callerName: "Ada", rules: null };
    for (const events of [
      [one, two],
      [two, one],
    ]) {
      const activity = (await fold(events))[0]!;
      assert.deepEqual(
        [activity.events, activity.resource, activity.callerName, activity.rules?.length],
        [1, openSsh, "Ada", 1],
      );
    }
  });

  it("is one where one spelling has no id, and two where the ids differ", async () => {
    const one = event(0, ruleWrite, { ...openedSsh, id: "e1" });
    assert.equal((await fold([one, { ...one, id: null }]))[0]!.events, 1);
    assert.equal((await fold([one, { ...one, id: "e2" }]))[0]!.events, 2);
    assert.equal((await fold([one, { ...one, id: null, status: "failed" }]))[0]!.events, 2);
    const archived = { ...one, id: null };
    const again = { ...archived, resource: openSsh.toUpperCase(), caller: archived.caller?.toUpperCase() ?? null };
    assert.equal((await fold([archived, again]))[0]!.events, 1);
    assert.equal((await fold([archived, { ...again, callerIp: "198.51.100.1" }]))[0]!.events, 2);
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
  it("come in the order of time, however the events come", async () => {
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
      { numRuns: 150 },
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
