import assert from "node:assert/strict";
import { parseTimespan } from "../../../sandbox/query/timespan.ts";

const now = new Date("2026-03-08T12:00:00Z");

function bounds(timespan: string | undefined): string[] | undefined {
  const parsed = parseTimespan(timespan, now);
  return parsed && [parsed.from, parsed.to].map((date) => date?.toISOString() ?? "none");
}

describe("the timespan of a query", () => {
  it("is none where it is left out", () => {
    assert.deepEqual(bounds(undefined), ["none", "none"]);
    assert.deepEqual(bounds(""), ["none", "none"]);
  });

  it("is a duration back from now", () => {
    assert.deepEqual(bounds("P1D"), ["2026-03-07T12:00:00.000Z", "2026-03-08T12:00:00.000Z"]);
    assert.deepEqual(bounds("P1WT1H30M0.5S"), ["2026-03-01T10:29:59.500Z", "2026-03-08T12:00:00.000Z"]);
  });

  it("is an interval of two instants, or of one and a duration", () => {
    assert.deepEqual(bounds("2026-03-01/2026-03-02T01:00:00Z"), [
      "2026-03-01T00:00:00.000Z",
      "2026-03-02T01:00:00.000Z",
    ]);
    assert.deepEqual(bounds("2026-03-01T00:00:00Z/PT1H"), ["2026-03-01T00:00:00.000Z", "2026-03-01T01:00:00.000Z"]);
    assert.deepEqual(bounds("PT1H/2026-03-01T00:00:00Z"), ["2026-02-28T23:00:00.000Z", "2026-03-01T00:00:00.000Z"]);
  });

  for (const wrong of ["yesterday", "P", "PT", "1D", "P1D/P1D", "2026-03-01", "2026-03-01/x", "a/b/c", "P1M"]) {
    it(`is not "${wrong}"`, () => {
      assert.equal(bounds(wrong), undefined);
    });
  }
});
