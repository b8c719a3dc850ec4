import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { toChanges } from "../../sandbox/changes.ts";
import { RunEvents, plainMessage } from "../../sandbox/runEvents.ts";
import { describeChanges } from "../../sandbox/stackTexts.ts";

const urn =
  "urn:pulumi:sandbox::bastion-trail::bastion-trail:index:BastionHost$azure-native:network:BastionHost::bastion";

describe("the events of a run", () => {
  function follow(...events: Partial<EngineEvent>[]): { events: RunEvents; shown: string[] } {
    const shown: string[] = [];
    const followed = new RunEvents({
      update: (detail) => shown.push(detail),
      succeed: () => undefined,
      fail: () => undefined,
    });
    for (const event of events) {
      followed.take(event as EngineEvent);
    }
    return { events: followed, shown };
  }

  it("show what is being created and how much is done", () => {
    const metadata = { op: "create", urn, type: "azure-native:network:BastionHost" } as never;
    const { shown } = follow({ resourcePreEvent: { metadata } }, { resOutputsEvent: { metadata } });
    assert.deepEqual(shown, ["0 resources done, creating BastionHost bastion", "1 resources done"]);
  });

  it("give each error once, with the resource it is about and without a JavaScript stack", () => {
    const error = {
      message: "<{%reset%}>Unhandled exception: Error: location is required\n    at deploy (index.ts:3:4)\n<{%reset%}>",
      color: "raw",
      severity: "error",
    } as const;
    const { events } = follow(
      { diagnosticEvent: error },
      { diagnosticEvent: error },
      { diagnosticEvent: { ...error, urn, message: "InvalidSku: no" } },
    );
    assert.deepEqual(events.errors, ["location is required", "BastionHost bastion: InvalidSku: no"]);
  });

  it("give what a policy refuses as an error, and what it advises against as a warning", () => {
    const found = {
      resourceUrn: urn,
      color: "raw",
      policyName: "bastion-audit-sent",
      policyPackName: "bastion-trail",
      policyPackVersion: "0.1.0",
      policyPackVersionTag: "0.1.0",
      message: "Every Bastion host sends its logs.\nNo setting sends them.",
    };
    const { events } = follow(
      { policyEvent: { ...found, enforcementLevel: "mandatory" } },
      { policyEvent: { ...found, enforcementLevel: "warning" } },
    );
    const line = "BastionHost bastion: No setting sends them. (policy bastion-audit-sent)";
    assert.deepEqual([events.errors, events.warnings], [[line], [line]]);
  });

  it("give the only error of several that there could have been as it is", () => {
    assert.equal(
      plainMessage('1 error occurred:\n\t* Status=200 Code="Failed" Message="no"\n\n'),
      'Status=200 Code="Failed" Message="no"',
    );
  });

  it("tell which resources could not be created, and why", () => {
    const failed = (op: string) => ({ resOpFailedEvent: { metadata: { op, urn } as never, status: 2, steps: 1 } });
    const { events } = follow(
      { diagnosticEvent: { message: "no answer", color: "raw", severity: "error", urn } },
      failed("update"),
      failed("create"),
    );
    assert.deepEqual(events.failedCreates, [{ metadata: { op: "create", urn }, reasons: ["no answer"] }]);
  });

  it("keep warnings apart from errors, and leave out what only lives on the screen", () => {
    const warning = { message: "careful", color: "raw", severity: "warning" } as const;
    const { events } = follow(
      { diagnosticEvent: warning },
      { diagnosticEvent: { ...warning, message: "gone", ephemeral: true } },
    );
    assert.deepEqual(events.warnings, ["careful"]);
    assert.deepEqual(events.errors, []);
  });

  it("keep the engine's own counts", () => {
    const { events } = follow({
      summaryEvent: { resourceChanges: { create: 3, same: 2, read: 9 } } as never,
    });
    assert.deepEqual(events.changes, { create: 3, update: 0, replace: 0, delete: 0, same: 2 });
  });

  it("are described in words", () => {
    assert.equal(describeChanges(toChanges({ create: 3, replace: 1, same: 2 })), "3 created, 1 replaced, 2 unchanged");
    assert.equal(describeChanges(toChanges({})), "nothing to do");
  });

  it("leave out the way that a refused value took through the SDK", () => {
    const wrapped = 'error serializing property "outputs": error serializing property "id": the account is elsewhere';
    assert.equal(plainMessage(wrapped), "the account is elsewhere");
  });

  it("keep a message of several lines", () => {
    assert.equal(plainMessage("two errors:\n  a\n  b"), "two errors:\n  a\n  b");
  });
});
