import assert from "node:assert/strict";
import { parseStep } from "../../../sandbox/cli/commands/clock.ts";

describe("a step of the sandbox clock", () => {
  for (const [text, milliseconds] of [
    ["+2h", 7_200_000],
    ["+90m", 5_400_000],
    ["+1d12h", 129_600_000],
    ["+30s", 30_000],
  ] as const) {
    it(`${text} is ${milliseconds} ms`, () => {
      assert.equal(parseStep(text), milliseconds);
    });
  }

  for (const text of ["2h", "-2h", "+2", "+h", "+2 h", "+1.5h", ""]) {
    it(`${JSON.stringify(text)} is none`, () => {
      assert.equal(parseStep(text), "invalid");
    });
  }
});
