import assert from "node:assert/strict";
import { consistsOf, includesPort } from "../../../core/rules/portRanges.ts";

describe("a range of ports", () => {
  it("includes a port", () => {
    for (const [range, isIn] of [
      ["22", true],
      ["20-25", true],
      ["*", true],
      ["222", false],
      ["23-80", false],
      ["ssh", false],
    ] as const) {
      assert.equal(includesPort(range, 22), isIn, range);
    }
  });

  it("consists of single ports only where each of its ports is one of them", () => {
    const ports = new Set([22, 23, 3389]);
    for (const [range, isAll] of [
      ["22", true],
      ["22-23", true],
      ["22-24", false],
      ["0-65535", false],
      ["*", false],
      ["80", false],
      ["ssh", false],
    ] as const) {
      assert.equal(consistsOf(range, ports), isAll, range);
    }
  });
});
