import assert from "node:assert/strict";
import { durationMs } from "../../../../../sandbox/arm/types/security/duration.ts";

const minute = 60_000;

describe("an ISO 8601 duration", () => {
  for (const [text, ms] of [
    ["PT5M", 5 * minute],
    ["PT3H", 180 * minute],
    ["P1D", 1440 * minute],
    ["P1DT1H", 1500 * minute],
    ["PT1H30M", 90 * minute],
    ["P", undefined],
    ["PT", undefined],
    ["P1M", undefined],
    ["3H", undefined],
    ["", undefined],
  ] as const) {
    it(`${JSON.stringify(text)} is ${ms === undefined ? "none" : `${String(ms)} ms`}`, () => {
      assert.equal(durationMs(text), ms);
    });
  }
});
