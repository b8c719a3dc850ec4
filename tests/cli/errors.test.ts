import assert from "node:assert/strict";
import { exitCodeOfActions, type ActionResult } from "../../cli/errors.ts";

describe("the exit code of a command that acts", () => {
  const cases: readonly (readonly [number, string, readonly ActionResult[]])[] = [
    [0, "all is done", ["done", "done"]],
    [0, "there is nothing to do", []],
    [1, "a part failed", ["done", "failed"]],
    [1, "something is left to look at", ["partly"]],
    [1, "something is left to look at, and the rest failed", ["partly", "failed"]],
    [2, "all failed", ["failed", "failed"]],
  ];
  for (const [code, when, results] of cases) {
    it(`is ${code} if ${when}`, () => {
      assert.equal(exitCodeOfActions(results), code);
    });
  }
});
