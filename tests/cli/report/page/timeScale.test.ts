import assert from "node:assert/strict";
import { stepped, ticksOf, zoomed } from "../../../../cli/report/page/timeScale.ts";

const at = (time: string): number => Date.parse(`${time}Z`);
const day = { from: at("2026-05-04T00:00"), to: at("2026-05-05T00:00") };

describe("the time axis", () => {
  it("has marks at round times, no more than there is room for", () => {
    const labels = (from: string, to: string): string[] =>
      ticksOf({ from: at(from), to: at(to) }, 8).map(({ label }) => label);
    assert.deepEqual(labels("2026-05-04T00:00", "2026-05-05T00:00"), [
      "05-04",
      "03:00",
      "06:00",
      "09:00",
      "12:00",
      "15:00",
      "18:00",
      "21:00",
    ]);
    assert.deepEqual(labels("2026-05-04T08:01", "2026-05-04T08:02"), ["08:01:00", "08:01:15", "08:01:30", "08:01:45"]);
    assert.deepEqual(labels("2026-05-04T12:00", "2026-05-09T00:00"), ["05-05", "05-06", "05-07", "05-08"]);
  });

  it("zooms around a time, and never beyond the range", () => {
    assert.deepEqual(zoomed(day, 0.5, at("2026-05-04T06:00"), day), {
      from: at("2026-05-04T03:00"),
      to: at("2026-05-04T15:00"),
    });
    assert.deepEqual(zoomed(day, 4, at("2026-05-04T06:00"), day), day);
    const { from, to } = zoomed(day, 1e-9, at("2026-05-04T06:00"), day);
    assert.equal(to - from, 10_000);
  });

  it("stops at the ends of the range when it moves", () => {
    const morning = { from: at("2026-05-04T01:00"), to: at("2026-05-04T09:00") };
    assert.deepEqual(stepped(morning, "earlier", day), { from: at("2026-05-04T00:00"), to: at("2026-05-04T08:00") });
    assert.deepEqual(stepped(morning, "later", day), { from: at("2026-05-04T03:00"), to: at("2026-05-04T11:00") });
    assert.deepEqual(stepped(morning, "in", day), { from: at("2026-05-04T03:00"), to: at("2026-05-04T07:00") });
    assert.deepEqual(stepped(morning, "out", day), { from: at("2026-05-04T00:00"), to: at("2026-05-04T16:00") });
    assert.deepEqual(stepped(morning, "whole", day), day);
  });
});
