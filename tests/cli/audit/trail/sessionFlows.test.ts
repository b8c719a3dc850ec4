import assert from "node:assert/strict";
import { SessionFlows } from "../../../../cli/audit/trail/sessionFlows.ts";
import type { FlowRow, TrailRow } from "../../../../cli/audit/trail/types.ts";

const noon = Date.parse("2026-05-04T12:00:00Z");

const session = (id: string, second: number, vmIp: string | null = "10.0.1.4") =>
  ({ id, vmIp, start: new Date(noon + second * 1000).toISOString() }) as TrailRow;

const flow = (second: number, more: Partial<FlowRow> = {}): FlowRow => ({
  ...{ vmIp: "10.0.1.4", port: 22, sourceIp: "10.0.0.4", sourcePort: 51_000, protocol: 6 },
  ...{ start: noon + second * 1000, end: noon + second * 1000, rule: "allow", group: "acl" },
  ...{ state: "B", hasBegin: true, bytes: 0, intervalMs: 0 },
  ...more,
});

describe("the sessions that a flow may be of", () => {
  const sessions = [
    session("c", 300),
    session("a", 0),
    session("b", 60),
    session("x", 0, "10.0.1.5"),
    session("n", 0, null),
  ];
  const flows = new SessionFlows(sessions, new Map([["host", ["192.0.2.0/26"]]]), 120_000);

  it("are those of the VM that began within the clocks' difference of it", () => {
    assert.deepEqual(flows.of(flow(0)), ["a", "b"]);
    assert.deepEqual(flows.of(flow(120)), ["a", "b"]);
    assert.deepEqual(flows.of(flow(180)), ["b", "c"]);
    assert.deepEqual(flows.of(flow(-121)), []);
    assert.deepEqual(flows.of(flow(421)), []);
    assert.deepEqual(flows.of(flow(0, { vmIp: "10.0.1.5" })), ["x"]);
    assert.deepEqual(flows.of(flow(0, { vmIp: "10.0.1.6" })), []);
  });

  it("are those within the time that a row is summed up over", () => {
    assert.deepEqual(flows.of(flow(-600, { intervalMs: 600_000 })), ["a", "b"]);
    assert.deepEqual(flows.of(flow(180, { intervalMs: 600_000 })), ["b", "c"]);
  });

  it("are none for a connection that no Bastion host can have made, or that was there before", () => {
    for (const sourceIp of ["192.0.2.9", "172.16.0.4", null, "fd00::1"]) {
      assert.deepEqual(flows.of(flow(0, { sourceIp })), ["a", "b"]);
    }
    assert.deepEqual(flows.of(flow(0, { sourceIp: "203.0.113.9" })), []);
    assert.deepEqual(flows.of(flow(0, { hasBegin: false, state: "C" })), []);
    assert.deepEqual(flows.of(flow(0, { hasBegin: false, state: "D" })), ["a", "b"]);
  });

  it("may have further parts only between a Bastion host and their VM", () => {
    const part = { hasBegin: false, state: "C" } as const;
    assert.equal(flows.mayGoOn(flow(9000, part)), true);
    assert.equal(flows.mayGoOn(flow(9000, { ...part, vmIp: "10.0.1.6" })), false);
    assert.equal(flows.mayGoOn(flow(9000, { ...part, sourceIp: "203.0.113.9" })), false);
  });
});
