import assert from "node:assert/strict";
import { isEnd, isRefused, statusOf } from "../../../../cli/audit/activity/status.ts";
import { event, initiate, policyId, vmId } from "./events.ts";

describe("the status of an operation", () => {
  const of = (...events: (readonly [seconds: number, status: string | null, resource?: string])[]) =>
    statusOf(events.map(([seconds, status, resource = policyId]) => event(seconds, initiate, { status, resource })));

  it("is its last end, else its acceptance, else any word but its start", () => {
    assert.equal(of([0, "started"], [1, "accepted"], [2, "failed"], [3, "succeeded"]), "succeeded");
    assert.equal(of([0, "accepted"], [1, "started"]), "accepted");
    assert.equal(of([0, "started"], [1, "resolved"]), "resolved");
    assert.equal(of([0, "started"], [1, null]), "started");
    assert.equal(of([0, null]), null);
    assert.equal(of(), null);
  });

  it("is the worst of ends at one time, and of its resources", () => {
    assert.equal(of([1, "succeeded"], [1, "failed"]), "failed");
    assert.equal(of([1, "failed", vmId], [2, "succeeded"]), "failed");
    assert.equal(of([1, "canceled", vmId], [2, "accepted"]), "canceled");
  });

  it("compares resources without regard to case", () => {
    assert.equal(of([1, "failed", vmId], [2, "succeeded", vmId.toUpperCase()]), "succeeded");
  });

  it("may be no end, and no refusal", () => {
    const statuses = ["failed", "canceled", "succeeded", "accepted", "started", null];
    assert.deepEqual(statuses.filter(isEnd), ["failed", "canceled", "succeeded"]);
    assert.deepEqual(statuses.filter(isRefused), ["failed", "canceled"]);
  });
});
