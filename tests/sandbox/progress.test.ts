import assert from "node:assert/strict";
import { elapsed, plainProgress } from "../../sandbox/progress.ts";

describe("plain progress", () => {
  it("says what starts, now and then how far it is, and how long it took", () => {
    let now = 0;
    const lines: string[] = [];
    const step = plainProgress(
      (line) => lines.push(line),
      () => now,
    ).step("Building");
    now = 4000;
    step.update("10 packages");
    now = 12_000;
    step.update("30 packages");
    now = 13_000;
    step.update("31 packages");
    now = 95_000;
    step.succeed("Built");
    assert.deepEqual(lines, ["- Building", "  Building: 30 packages, 12 s", "✔ Built (1 min 35 s)"]);
  });

  it("marks what failed", () => {
    const lines: string[] = [];
    const progress = plainProgress(
      (line) => lines.push(line),
      () => 0,
    );
    progress.step("Deploying").fail();
    progress.note("a note");
    assert.deepEqual(lines, ["- Deploying", "✖ Deploying (0.0 s)", "a note"]);
  });

  for (const [milliseconds, words] of [
    [420, "0.4 s"],
    [9990, "10.0 s"],
    [59_400, "59 s"],
    [305_000, "5 min 05 s"],
  ] as const) {
    it(`writes ${milliseconds} ms as ${words}`, () => {
      assert.equal(elapsed(milliseconds), words);
    });
  }
});
