import assert from "node:assert/strict";
import { columnsIn, takesColour } from "../../cli/io.ts";

describe("the width of what is not a terminal", () => {
  for (const [COLUMNS, width] of [
    ["100", 100],
    [undefined, undefined],
    ["", undefined],
    ["0", undefined],
    ["wide", undefined],
    ["-80", undefined],
  ] as const) {
    it(`is ${width ?? "unlimited"} with COLUMNS=${COLUMNS ?? "(unset)"}`, () => {
      assert.equal(columnsIn({ COLUMNS }), width);
    });
  }
});

describe("colours", () => {
  for (const [where, isTerminal, env, colours] of [
    ["in a terminal", true, {}, true],
    ["in a pipe", false, {}, false],
    ["in a terminal that takes none", true, { TERM: "dumb" }, false],
    ["with NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["with an empty NO_COLOR", true, { NO_COLOR: "" }, true],
    ["in a pipe with FORCE_COLOR", false, { FORCE_COLOR: "1" }, true],
    ["with both", true, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  ] as const) {
    it(`are ${colours ? "used" : "not used"} ${where}`, () => {
      assert.equal(takesColour(isTerminal, env), colours);
    });
  }
});
