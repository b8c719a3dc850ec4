import assert from "node:assert/strict";
import type { ActivityEvent } from "../../../../cli/audit/activity/types.ts";
import { allowName, asked, at, event, fourEvents, initiate, policyId, rule, ruleWrite, vmId } from "./events.ts";
import { fold, one, openedSsh } from "./folded.ts";

describe("events of one operation", () => {
  const times = async (...events: ActivityEvent[]) =>
    (await fold(events)).map(({ time, events: count }) => [time, count]);
  const loose = { resource: policyId, correlationId: null };

  it("come within an hour under one correlation id", async () => {
    const begin = event(0, initiate, { resource: policyId, status: "started" });
    assert.deepEqual(await times(begin, event(3600, initiate, { resource: policyId })), [[at(0), 2]]);
    assert.deepEqual(await times(begin, event(3601, initiate, { resource: policyId })), [
      [at(0), 1],
      [at(3601), 1],
    ]);
  });

  it("come within five minutes of one caller, if there is no correlation id", async () => {
    const begin = event(0, initiate, { ...loose, status: "started" });
    assert.deepEqual(await times(begin, event(300, initiate, { ...loose, caller: "ADA@example.com" })), [[at(0), 2]]);
    assert.deepEqual(await times(begin, event(301, initiate, loose)), [
      [at(0), 1],
      [at(301), 1],
    ]);
    assert.deepEqual(await times(begin, event(1, initiate, { ...loose, caller: "bob@example.com" })), [
      [at(0), 1],
      [at(1), 1],
    ]);
  });

  it("have ids without regard to case", async () => {
    const upper = fourEvents.map((one) => ({ ...one, correlationId: one.correlationId!.toUpperCase() }));
    const [request, write, ...others] = await fold([upper[0]!, fourEvents[1]!, upper[2]!, upper[3]!]);
    assert.deepEqual(
      [request?.events, request?.rules, write?.request?.by, others],
      [3, [rule(allowName)], "correlation", []],
    );
  });

  it("may include an event on a VM after the end of the request", async () => {
    assert.equal(
      (await fold([...fourEvents, event(4, initiate, { resource: vmId, status: "started" })]))[0]?.events,
      4,
    );
  });

  it("may include a start twice, with its content only once, at the time of its end", async () => {
    const start = event(0, ruleWrite, { ...openedSsh, id: "c", status: "started" });
    const { events } = await one([
      { ...start, id: "a", rules: null },
      event(0, ruleWrite, { ...openedSsh, id: "b", rules: null }),
      start,
    ]);
    assert.equal(events, 3);
  });

  for (const [why, later] of [
    ["after an end", [event(1, ruleWrite, openedSsh), event(2, ruleWrite, { ...openedSsh, status: "started" })]],
    ["with other content", [event(2, ruleWrite, { ...openedSsh, status: "started", rules: [rule("OpenSsh")] })]],
  ] as const) {
    it(`do not include another start ${why}`, async () => {
      assert.deepEqual(
        (await fold([event(0, ruleWrite, { ...openedSsh, status: "started" }), ...later])).map(({ time }) => time),
        [at(0), at(2)],
      );
    });
  }

  it("do not include another start that asks for something else", async () => {
    const begin = event(0, initiate, { resource: policyId, status: "started", asked });
    const other = { ...asked, justification: "INC-2" };
    const reasons = (await fold([begin, { ...begin, time: at(60), asked: other }])).map(({ reason }) => reason);
    assert.deepEqual(reasons, ["INC-1", "INC-2"]);
  });
});
