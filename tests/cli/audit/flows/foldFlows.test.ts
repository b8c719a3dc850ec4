import assert from "node:assert/strict";
import { FlowFold } from "../../../../cli/audit/flows/foldFlows.ts";
import type { FlowTuple } from "../../../../cli/audit/flows/flowTuple.ts";
import type { FlowRow } from "../../../../cli/audit/trail/types.ts";

const tuple = (at: number, state: FlowTuple["state"], bytes = 0, more: Partial<FlowTuple> = {}): FlowTuple => ({
  text: `${at} ${state}`,
  at,
  state,
  bytes,
  sourceIp: "10.0.0.4",
  sourcePort: 51_000,
  vmIp: "10.0.1.4",
  port: 22,
  rule: "allow",
  group: "nsg",
  ...more,
});

/** The rows, each with its begin, its end, its state, whether its begin is known, and its bytes. */
function fold(...tuples: FlowTuple[]): unknown[][] {
  const folding = new FlowFold();
  const rows: FlowRow[] = [...tuples.flatMap((one) => folding.add(one)), ...folding.rest()];
  return rows.map(({ start, end, state, hasBegin, bytes }) => [start, end, state, hasBegin, bytes]);
}

describe("the tuples of a connection", () => {
  it("are one row, with the sum of their bytes", () => {
    assert.deepEqual(fold(tuple(1, "B"), tuple(301, "C", 10), tuple(601, "C", 20), tuple(700, "E", 5)), [
      [1, 700, "E", true, 35],
    ]);
  });

  it("are a row without an end or a begin if none was read", () => {
    assert.deepEqual(fold(tuple(1, "B"), tuple(301, "C", 10)), [[1, 301, "C", true, 10]]);
    assert.deepEqual(fold(tuple(301, "C", 10), tuple(400, "E", 1)), [[301, 400, "E", false, 11]]);
  });

  it("may begin and end in one millisecond", () => {
    assert.deepEqual(fold(tuple(1, "B"), tuple(1, "E", 7)), [[1, 1, "E", true, 7]]);
  });

  it("are two rows where the port is used again, with an end between them or without", () => {
    assert.deepEqual(fold(tuple(1, "B"), tuple(5, "E", 1), tuple(9, "B"), tuple(12, "E", 2)), [
      [1, 5, "E", true, 1],
      [9, 12, "E", true, 2],
    ]);
    assert.deepEqual(fold(tuple(1, "B"), tuple(5, "C", 1), tuple(9, "B")), [
      [1, 5, "C", true, 1],
      [9, 9, "B", true, 0],
    ]);
  });

  it("are apart for another source port, VM, port or rule", () => {
    for (const more of [
      { sourcePort: 51_001 },
      { vmIp: "10.0.1.5" },
      { port: 3389 },
      { rule: "other" },
      { group: "g" },
    ]) {
      assert.equal(fold(tuple(1, "B"), tuple(2, "B", 0, more)).length, 2, JSON.stringify(more));
    }
  });

  it("that were refused are one row for each port that tried", () => {
    assert.deepEqual(fold(tuple(1, "D"), tuple(4, "D"), tuple(5, "D", 0, { sourcePort: 51_001 })), [
      [1, 4, "D", false, 0],
      [5, 5, "D", false, 0],
    ]);
  });

  it("count once where a blob was read twice", () => {
    assert.deepEqual(fold(tuple(1, "B"), tuple(301, "C", 10), tuple(1, "B"), tuple(301, "C", 10), tuple(400, "E", 1)), [
      [1, 400, "E", true, 11],
    ]);
  });

  it("are a row for each part that is in order where a file has a later part before it", () => {
    assert.deepEqual(fold(tuple(301, "C", 10), tuple(1, "B", 2), tuple(201, "C", 3), tuple(301, "C", 10)), [
      [301, 301, "C", false, 10],
      [1, 301, "C", true, 15],
    ]);
    assert.deepEqual(fold(tuple(600, "E", 5), tuple(301, "C", 10), tuple(1, "B", 2)), [
      [600, 600, "E", false, 5],
      [301, 301, "C", false, 10],
      [1, 1, "B", true, 2],
    ]);
    assert.deepEqual(fold(tuple(301, "D"), tuple(1, "B"), tuple(301, "D")), [
      [301, 301, "D", false, 0],
      [1, 1, "B", true, 0],
    ]);
  });

  it("are a row for each part where they are further apart than a row may reach", () => {
    const folding = new FlowFold({ mostApartMs: 300 });
    const rows = [tuple(1, "B"), tuple(301, "C", 1), tuple(602, "E", 2)].flatMap((one) => folding.add(one));
    assert.deepEqual(
      rows.map(({ start, end, bytes }) => [start, end, bytes]),
      [
        [1, 301, 1],
        [602, 602, 2],
      ],
    );
  });
});
