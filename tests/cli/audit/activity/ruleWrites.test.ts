import assert from "node:assert/strict";
import type { ActivityEvent, WrittenRule } from "../../../../cli/audit/activity/types.ts";
import {
  allowName,
  asked,
  at,
  byDefender,
  correlationId,
  denyName,
  event,
  fourEvents,
  nsgId,
  nsgWrite,
  rule,
  ruleDelete,
  ruleWrite,
  vmId,
} from "./events.ts";
import { fold, jitRuleId, one, openedSsh, other, verdict } from "./folded.ts";

describe("a write of rules", () => {
  it("that opens a port outside JIT is marked, and its events are one activity", async () => {
    const hand = await one([
      event(0, ruleWrite, { ...openedSsh, status: "started" }),
      event(1, ruleWrite, { ...openedSsh, status: "accepted", rules: null }),
      event(2, ruleWrite, { ...openedSsh, rules: null }),
    ]);
    assert.deepEqual(verdict(hand), { origin: "outside", opens: true, by: null });
    assert.deepEqual([hand.events, hand.status, hand.caller, hand.vms], [3, "succeeded", "ada@example.com", []]);
  });

  for (const [told, again] of [
    ["its start", { status: "started" }],
    ["its end", {}],
  ] as const) {
    it(`that follows another under the same correlation id is a write of its own, if the log has ${told}`, async () => {
      const deny = rule("OpenSsh", { access: "deny" });
      const writes = await fold([
        event(0, ruleWrite, { ...openedSsh, status: "started", rules: [deny] }),
        event(1, ruleWrite, { ...openedSsh, rules: [deny] }),
        event(600, ruleWrite, { ...openedSsh, ...again }),
        event(601, ruleWrite, { ...openedSsh, rules: null }),
      ]);
      assert.deepEqual(
        writes.map(({ time, opens, events }) => [time, opens, events]),
        [
          [at(0), false, 2],
          [at(600), true, 2],
        ],
      );
    });
  }

  it("that repeats another under the same correlation id is a write of its own, by its operation id", async () => {
    const deletion = (seconds: number, operationId: string) =>
      event(seconds, ruleDelete, { ...openedSsh, rules: null, operationId });
    const writes = await fold([
      event(0, ruleWrite, openedSsh),
      deletion(60, "o2"),
      event(120, ruleWrite, { ...openedSsh, operationId: "o3" }),
      deletion(180, "o4"),
    ]);
    assert.deepEqual(
      writes.map(({ time, action, opens }) => [time, action, opens]),
      [
        [at(0), "write", true],
        [at(60), "delete", false],
        [at(120), "write", true],
        [at(180), "delete", false],
      ],
    );
  });

  it("is one write where an export cut the times of its events to seconds, and where Azure tells its end twice", async () => {
    const end = { ...openedSsh, rules: [rule("OpenSsh", { sources: ["*"], protocol: "*" })] };
    const { events, opens } = await one([
      event(0, ruleWrite, { ...openedSsh, id: "z", status: "started" }),
      event(0, ruleWrite, { ...end, id: "a" }),
      event(1, ruleWrite, end),
    ]);
    assert.deepEqual([events, opens], [3, true]);
  });

  it("opens nothing if it denies, is outbound or was refused; unknown if its body or its access is", async () => {
    const opens = async (facts: Partial<ActivityEvent>) =>
      (await one([event(0, ruleWrite, { ...openedSsh, ...facts })])).opens;
    assert.equal(await opens({ rules: [rule("A", { access: "deny" })] }), false);
    assert.equal(await opens({ rules: [rule("A", { direction: "outbound" })] }), false);
    assert.equal(await opens({ status: "failed" }), false);
    assert.equal(await opens({ rules: null }), null);
    assert.equal(await opens({ rules: [rule("A", { access: null })] }), null);
    assert.equal(await opens({ rules: [rule("A", { direction: null })] }), null);
    assert.equal(await opens({ rules: [rule("A", { access: null, direction: "outbound" })] }), false);
    assert.equal(await opens({ rules: [rule("A", { access: null }), rule("B")] }), true);
  });

  it("may open something if it deletes a rule", async () => {
    assert.deepEqual(verdict(await one([event(0, ruleDelete, { ...openedSsh, rules: null })])), {
      origin: "outside",
      opens: null,
      by: null,
    });
  });

  it("under a request's correlation id is unclear if it is not Defender's: anybody can send that id", async () => {
    const [, hidden] = await fold([fourEvents[0]!, event(2, ruleWrite, { ...openedSsh, correlationId })]);
    assert.deepEqual(verdict(hidden!), { origin: "unclear", opens: true, by: "correlation" });
  });

  it("under one of Defender's names is outside JIT nevertheless", async () => {
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

  it("of Defender in another subscription belongs to no request here, although VMs and addresses are the same", async () => {
    const [begin, onVm, write, end] = fourEvents;
    const resource = nsgId.replace(/^.subscriptions.[^/]+/, "/subscriptions/22222222-2222-3333-4444-555555555555");
    const written = async (facts: Partial<ActivityEvent>) =>
      (await fold([begin!, onVm!, { ...write!, resource, ...facts }, end!])).find(({ kind }) => kind === "rule")
        ?.request;
    assert.equal(await written({ correlationId: other }), null);
    assert.equal(await written({}), null);
    assert.equal((await written({ resource: resource.slice(resource.indexOf("/providers")) }))?.by, "correlation");
  });

  it("by Defender names its VM if its request is unknown", async () => {
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

  it("that deletes a request's rule belongs to it until an hour after a request for a whole day", async () => {
    const day = 86_400;
    const askedForDay = {
      ...asked,
      vms: [{ id: vmId, ports: [{ number: 22, source: "10.60.0.0/26", until: at(day) }] }],
    };
    const [start, ...others] = fourEvents;
    const deleted = async (seconds: number) => {
      const deletion = event(seconds, ruleDelete, { resource: jitRuleId, correlationId: other, ...byDefender });
      return verdict((await fold([{ ...start!, asked: askedForDay }, ...others, deletion])).at(-1)!).by;
    };
    assert.equal(await deleted(day + 600), "rule");
    assert.equal(await deleted(day + 3700), null);
  });
});

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

  it("includes the time", async () => {
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

  it("is reported for a rule of any name", async () => {
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
