import assert from "node:assert/strict";
import { consistsOf, coverAllPorts, includesPort } from "../../../core/rules/portRanges.ts";

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

  it("covers all ports only together with the ranges for the others", () => {
    for (const [ranges, isAll] of [
      [["*"], true],
      [["0-65535"], true],
      [["1024-65535", "1-1023"], true],
      [["1-1023", "1025-65535"], false],
      [["0-65534"], false],
      [["22"], false],
      [[], false],
    ] as const) {
      assert.equal(coverAllPorts(ranges), isAll, ranges.join());
    }
  });
});
