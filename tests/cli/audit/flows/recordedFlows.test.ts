import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { recordedFlows } from "../../../../cli/audit/flows/recordedFlows.ts";
import type { RawEntry } from "../../../../cli/audit/records/types.ts";
import type { FlowRow } from "../../../../cli/audit/trail/types.ts";

/** 2 March 2026, 10:00 UTC. */
const ten = Date.parse("2026-03-02T10:00:00Z");

/** A connection to web:22 from a port of its own. */
const tuple = (minute: number, port: number, state: string, bytes = 0): string =>
  `${ten + minute * 60_000},10.0.0.4,10.0.1.4,${port},22,6,I,${state},NX,1,${bytes},1,${bytes}`;

/** Tuples by their rules, under one network security group or more. */
function entry(line: number, ...groups: Readonly<Record<string, readonly string[]>>[]): RawEntry {
  const flows = groups.map((rules, index) => ({
    aclID: `acl-${index}`,
    flowGroups: Object.entries(rules).map(([rule, flowTuples]) => ({ rule, flowTuples })),
  }));
  return { file: "PT1H.json", line, value: { time: `minute ${line}`, macAddress: "0022", flowRecords: { flows } } };
}

async function read(entries: readonly RawEntry[], isAsked: (flow: FlowRow) => boolean) {
  return Array.fromAsync(recordedFlows(Readable.from(entries), { isAsked, mayGoOn: isAsked }));
}

const fromPort =
  (port: number) =>
  ({ sourcePort }: FlowRow): boolean =>
    sourcePort === port;

describe("flows with their records", () => {
  it("have each record with the tuples of the connection alone, and all else as it lies there", async () => {
    const begin = entry(1, { UserRule_allow: [tuple(0, 51_000, "B"), tuple(0, 51_001, "B")], other: ["nonsense"] });
    const middle = entry(2, { UserRule_allow: [tuple(5, 51_001, "C", 7)] });
    const end = entry(3, { UserRule_allow: [tuple(9, 51_001, "E", 2), tuple(9, 51_000, "E", 5)] });
    const [found, ...others] = await read([begin, middle, end], fromPort(51_000));
    assert.deepEqual(others, []);
    assert.deepEqual([found?.flow.start, found?.flow.end, found?.flow.bytes], [ten, ten + 9 * 60_000, 10]);
    assert.deepEqual(found?.records, [
      entry(1, { UserRule_allow: [tuple(0, 51_000, "B")] }),
      entry(3, { UserRule_allow: [tuple(9, 51_000, "E", 5)] }),
    ]);
  });

  it("keep the spelling of a record's members, and a tuple under every group that has it", async () => {
    const text = tuple(0, 51_000, "B");
    const value = {
      TIME: "now",
      FlowRecords: {
        Flows: [{ AclID: "nic", FlowGroups: [{ Rule: "deny", FlowTuples: [tuple(0, 9, "D"), text] }] }, entry(1)],
        Version: 4,
      },
    };
    const [found] = await read([{ file: "f", line: 1, value }], fromPort(51_000));
    assert.deepEqual(found?.records[0]?.value, {
      TIME: "now",
      FlowRecords: {
        Flows: [{ AclID: "nic", FlowGroups: [{ Rule: "deny", FlowTuples: [text] }] }],
        Version: 4,
      },
    });
    const both = entry(1, { a: [text] }, { b: [text, tuple(1, 52_000, "B")], c: [tuple(2, 53_000, "B")] });
    const flows = await read([both], fromPort(51_000));
    assert.deepEqual(
      flows.map(({ flow, records }) => [flow.rule, records]),
      ["a", "b"].map((rule) => [rule, [entry(1, { a: [text] }, { b: [text] })]]),
    );
  });

  it("have all records of a connection in order of time where a joined file has its hours in another order", async () => {
    const hours = [
      entry(1, { allow: [tuple(0, 51_000, "B"), tuple(5, 51_000, "C", 3)] }),
      entry(2, { allow: [tuple(61, 51_000, "C", 7)] }),
      entry(3, { allow: [tuple(121, 51_000, "E", 5)] }),
      entry(4, { allow: [tuple(150, 51_000, "B"), tuple(170, 51_000, "C", 1)] }),
    ];
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [0, 2, 1, 3],
      [1, 0, 1, 3, 2, 0],
    ];
    for (const order of orders) {
      const entries = order.map((hour) => hours[hour]!);
      const flows = await read(entries, ({ sourcePort, start }) => sourcePort === 51_000 && start < ten + 9_000_000);
      assert.deepEqual(
        flows.map(({ flow: { start, end, state, bytes }, records }) => ({ start, end, state, bytes, records })),
        [{ start: ten, end: ten + 121 * 60_000, state: "E", bytes: 30, records: hours.slice(0, 3) }],
        order.join(),
      );
    }
  });

  it("have no part of a connection whose begin is not in the log", async () => {
    assert.deepEqual(await read([entry(1, { allow: [tuple(5, 51_000, "C"), tuple(9, 51_000, "E")] })], () => true), []);
  });

  it("are asked for by their begin, and none is mixed with the next one from the same port", async () => {
    const first = entry(1, { allow: [tuple(0, 51_000, "B"), tuple(1, 51_000, "E")] });
    const second = entry(2, { allow: [tuple(2, 51_000, "B"), tuple(3, 51_000, "E")] });
    const flows = await read([first, second], ({ start }) => start === ten + 120_000);
    assert.deepEqual(
      flows.map(({ records }) => records),
      [[second]],
    );
  });

  it("may be rows that are summed up already; what cannot be read is passed over", async () => {
    const row = {
      ...{ Type: "NTANetAnalytics", SubType: "FlowLog", FlowDirection: "I", L4Protocol: "T", FlowStatus: "A" },
      ...{ FlowStartTime: "2026-03-02T10:00:00Z", DestIp: "10.0.1.4", DestPort: 22 },
    };
    const entries = [{ ...row, DestIp: "" }, row, { ...row, DestPort: 23 }, null].map((value, index) => ({
      ...{ file: "NTANetAnalytics", line: index + 1 },
      value,
    }));
    const flows = await read(entries, ({ port }) => port === 22);
    assert.deepEqual(
      flows.map(({ flow, records }) => [flow.start, records]),
      [[ten, [entries[1]]]],
    );
  });
});
