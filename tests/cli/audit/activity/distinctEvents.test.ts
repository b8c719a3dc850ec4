import assert from "node:assert/strict";
import { distinctEvents } from "../../../../cli/audit/activity/distinctEvents.ts";
import { event, ruleWrite } from "./events.ts";
import { fold, openSsh, openedSsh } from "./folded.ts";

describe("one event in two spellings", () => {
  it("is one event with the facts of both, whichever comes first", async () => {
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

  it("is one event if one spelling has no id, and two events if the ids differ", async () => {
    const one = event(0, ruleWrite, { ...openedSsh, id: "e1" });
    assert.equal((await fold([one, { ...one, id: null }]))[0]!.events, 1);
    assert.equal((await fold([one, { ...one, id: "e2" }]))[0]!.events, 2);
    assert.equal((await fold([one, { ...one, id: null, status: "failed" }]))[0]!.events, 2);
    const archived = { ...one, id: null };
    const again = { ...archived, resource: openSsh.toUpperCase(), caller: archived.caller?.toUpperCase() ?? null };
    assert.equal((await fold([archived, again]))[0]!.events, 1);
    assert.equal((await fold([archived, { ...again, callerIp: "198.51.100.1" }]))[0]!.events, 2);
  });

  it("is found among many of one time, as in an export that cuts times to seconds", async () => {
    const count = 20_000;
    const events = Array.from({ length: count }, (_, number) =>
      event(0, ruleWrite, { ...openedSsh, id: `e${number}` }),
    );
    const { events: distinct, duplicates } = distinctEvents(
      each([...events, ...events.map((one) => ({ ...one, id: one.id!.toUpperCase() }))]),
    );
    assert.equal((await Array.fromAsync(distinct)).length, count);
    assert.equal(duplicates(), count);
  });
});

async function* each<Of>(values: readonly Of[]): AsyncGenerator<Of> {
  for (const value of values) yield await Promise.resolve(value);
}
