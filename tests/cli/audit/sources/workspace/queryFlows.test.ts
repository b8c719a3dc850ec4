import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { recordedFlows } from "../../../../../cli/audit/flows/recordedFlows.ts";
import { queryFlows } from "../../../../../cli/audit/sources/workspace/queryFlows.ts";
import { forSuite } from "../../../../held.ts";
import { customerId, needsChdb, startQueryPlane } from "../../../../sandbox/query/queryPlane.ts";

const range = { start: new Date("2026-03-02T00:00:00Z"), end: new Date("2026-03-03T00:00:00Z") };

const row = (minute: number, more: object = {}) => ({
  TimeGenerated: `2026-03-02T10:${String(minute + 10).padStart(2, "0")}:00.000Z`,
  SubType: "FlowLog",
  FlowIntervalStartTime: `2026-03-02T10:${String(minute).padStart(2, "0")}:00.000Z`,
  FlowIntervalEndTime: `2026-03-02T10:${String(minute + 10).padStart(2, "0")}:00.000Z`,
  FlowStartTime: `2026-03-02T10:${String(minute + 1).padStart(2, "0")}:00.000Z`,
  FlowEndTime: `2026-03-02T10:${String(minute + 2).padStart(2, "0")}:00.000Z`,
  SrcIp: "10.0.0.4",
  DestIp: "10.0.1.4",
  DestPort: 22,
  L4Protocol: "T",
  FlowDirection: "I",
  FlowStatus: "A",
  AclGroup: "nsg",
  AclRule: "UserRule_allow",
  AllowedInFlows: 1,
  CompletedFlows: 1,
  BytesSrcToDest: 100,
  BytesDestToSrc: 20,
  ...more,
});

describe("the flows of a workspace", () => {
  before(needsChdb);
  const at = forSuite(startQueryPlane);

  const read = (pageRows: number) =>
    Array.fromAsync(queryFlows({ endpoint: at.endpoint, credential: at.credential, customerId, range, pageRows }));

  it("are none if it has none", async () => {
    assert.deepEqual(await read(10), []);
  });

  it("are rows of inbound TCP flows, oldest first, the same whatever the size of a page", async () => {
    const rows = [row(0), row(10, { FlowStatus: "D", AclRule: "UserRule_deny", AllowedInFlows: 0, CompletedFlows: 0 })];
    at.write("NTANetAnalytics", [
      ...rows,
      row(20, { FlowDirection: "O" }),
      row(20, { L4Protocol: "U" }),
      row(20, { SubType: "Topology" }),
      row(30),
    ]);
    const found = await read(100);
    assert.deepEqual(
      found,
      [...rows, row(30)].map((value, index) => ({
        ...{ file: "NTANetAnalytics", line: index + 1 },
        value: { type: "NTANetAnalytics", ...value },
      })),
    );
    const minute = (count: number): number => Date.parse("2026-03-02T10:00:00Z") + count * 60_000;
    const flow = {
      vmIp: "10.0.1.4",
      port: 22,
      sourceIp: "10.0.0.4",
      sourcePort: null,
      protocol: 6,
      rule: "allow",
      group: "nsg",
      state: "E",
      hasBegin: true,
      bytes: null,
      intervalMs: 540_000,
    };
    const flows = await Array.fromAsync(
      recordedFlows(Readable.from(found), { isAsked: () => true, mayGoOn: () => true }),
    );
    assert.deepEqual(
      flows.map((one) => one.flow),
      [
        { ...flow, start: minute(1), end: minute(2) },
        { ...flow, start: minute(11), end: minute(12), rule: "deny", state: "D", hasBegin: false },
        { ...flow, start: minute(31), end: minute(32) },
      ],
    );
    for (const pageRows of [1, 2]) assert.deepEqual(await read(pageRows), found);
  });
});
