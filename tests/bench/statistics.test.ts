import assert from "node:assert/strict";
import { median, pairedRatio } from "../../bench/statistics.ts";

describe("the bench's statistics", () => {
  it("take the middle value, or the mean of the two in the middle", () => {
    assert.equal(median([3]), 3);
    assert.equal(median([9, 1, 4]), 4);
    assert.equal(median([10, 2, 4, 100]), 7);
    assert.throws(() => median([]), { name: "RangeError", message: "There is no median of nothing." });
  });

  it("leave what they are given in its order", () => {
    const values = [3, 1, 2];
    median(values);
    assert.deepEqual(values, [3, 1, 2]);
  });

  it("compare runs that were made one after the other, so that a slow minute weighs on both", () => {
    // The ratio of the medians would be 20 / 12.
    assert.equal(pairedRatio([10, 20, 120], [10, 12, 100]), 1.2);
    assert.throws(() => pairedRatio([1], []), {
      name: "RangeError",
      message: "There are 1 runs on one side and 0 on the other.",
    });
  });
});
