import assert from "node:assert/strict";
import { barsOf, rowAt } from "../../../../cli/report/page/bars.ts";
import { laneAt, lanesOf } from "../../../../cli/report/page/lanes.ts";
import { modelOf, type Model } from "../../../../cli/report/page/model.ts";
import type { Verdict } from "../../../../cli/audit/trail/types.ts";
import { columnsOf, rows, rules, surroundings } from "../story.ts";

interface Short {
  readonly vm: string;
  /** Minutes of the day. */
  readonly from: number;
  readonly to: number;
  readonly verdict?: Verdict;
}

const begin = Date.parse("2026-05-04T00:00:00.000Z");
const iso = (minute: number): string => new Date(begin + minute * 60_000).toISOString();

function model(sessions: readonly Short[], others = false): Model {
  const columns = columnsOf(
    sessions.map(({ vm, from, to, verdict = "granted" }) => ({
      ...rows[0]!,
      vm,
      vmName: vm.toLowerCase(),
      start: iso(from),
      end: iso(to),
      verdict,
    })),
  );
  const none = { grants: [], rules: [] };
  return modelOf({ ...surroundings, ...columns, requests: [], ...(others ? {} : none) });
}

const all = ({ count }: Model): Int32Array => Int32Array.from({ length: count }, (_, row) => row);
const window = { from: begin, to: begin + 86_400_000 };
/** A pixel for each minute. */
const toX = (time: number): number => (time - begin) / 60_000;

describe("the lanes of the timeline", () => {
  it("are one for each VM, sorted by name, in any spelling of the VM", () => {
    const some = model([
      { vm: "VM-10", from: 0, to: 10 },
      { vm: "vm-2", from: 5, to: 10 },
      { vm: "vm-10", from: 20, to: 30 },
    ]);
    const { lanes } = lanesOf(some, all(some), false, 0);
    assert.deepEqual(
      lanes.map(({ name, rows: own }) => [name, [...own]]),
      [
        ["vm-2", [1]],
        ["vm-10", [0, 2]],
      ],
    );
  });

  it("have a track for each simultaneous session, which later sessions use again", () => {
    const some = model([
      { vm: "a", from: 0, to: 10 },
      { vm: "a", from: 5, to: 30 },
      { vm: "a", from: 10, to: 20 },
      { vm: "a", from: 20, to: 25 },
    ]);
    const [lane] = lanesOf(some, all(some), false, 0).lanes;
    assert.deepEqual([lane?.trackCount, [...(lane?.tracks ?? [])]], [2, [0, 1, 0, 0]]);
  });

  it("include VMs that have a grant or a rule but no session, unless a filter is on", () => {
    const some = model([{ vm: "a", from: 0, to: 10 }], true);
    const names = (withOthers: boolean): string[] =>
      lanesOf(some, all(some), withOthers, 0).lanes.map(({ name }) => name);
    assert.deepEqual(names(true), ["a", "db", "web"]);
    assert.deepEqual(names(false), ["a"]);
  });

  it("show a rule without known VMs in the lanes of the sessions that it let in", () => {
    const unplaced = rules.map((rule) => ({ ...rule, vms: [] }));
    const some = modelOf({ ...surroundings, ...columnsOf(rows), requests: [], rules: unplaced });
    const { lanes } = lanesOf(some, all(some), true, 0);
    assert.deepEqual(
      lanes.map(({ name, rules: own }) => [name, own]),
      [
        ["db", [1]],
        ["web", [0]],
      ],
    );
  });

  it("are found by their height", () => {
    const some = model([
      { vm: "a", from: 0, to: 10 },
      { vm: "b", from: 0, to: 10 },
    ]);
    const lanes = lanesOf(some, all(some), false, 0);
    const height = lanes.height / 2;
    assert.deepEqual(
      [0, height - 1, height, 2 * height].map((y) => laneAt(lanes, y)?.name),
      ["a", "a", "b", undefined],
    );
  });
});

describe("the bars of a lane", () => {
  const some = model([
    { vm: "a", from: 0, to: 2 },
    { vm: "a", from: 3, to: 4, verdict: "bypassed" },
    { vm: "a", from: 5, to: 6 },
    { vm: "a", from: 7, to: 8 },
    { vm: "a", from: 100, to: 200 },
  ]);
  const [lane] = lanesOf(some, all(some), false, 0).lanes;

  it("are joined if sessions of one verdict would touch, and have a minimum width", () => {
    const [granted, , , bypassed] = barsOf(some, lane!, window, toX);
    assert.deepEqual(granted, { x: [0, 5, 100], width: [3, 5, 100], track: [0, 0, 0] });
    assert.deepEqual(bypassed, { x: [3], width: [3], track: [0] });
  });

  it("end at the edges of the window", () => {
    const [granted] = barsOf(some, lane!, { from: begin + 150 * 60_000, to: begin + 180 * 60_000 }, toX);
    assert.deepEqual(granted, { x: [150], width: [30], track: [0] });
  });

  it("give the sessions at a position, the most severe first", () => {
    const at = (x: number): number | undefined => rowAt(some, lane!, window, { track: 0, x }, toX);
    assert.deepEqual([at(1), at(4), at(150), at(50)], [0, 1, 4, undefined]);
    assert.equal(rowAt(some, lane!, window, { track: 1, x: 1 }, toX), undefined);
  });
});
