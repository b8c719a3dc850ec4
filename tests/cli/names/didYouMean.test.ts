import assert from "node:assert/strict";
import { didYouMean, listNames } from "../../../cli/names/didYouMean.ts";

describe("a suggestion for an unknown name", () => {
  for (const [typed, known, suggestion] of [
    ["wbe", ["web", "db"], "Did you mean 'web'?"],
    ["WEBB", ["web", "db"], "Did you mean 'web'?"],
    ["payrol-03", ["payroll-03", "payroll-30", "gateway"], "Did you mean 'payroll-03'?"],
    ["web-", ["web-1", "web-2", "web-1"], "Did you mean 'web-1' or 'web-2'?"],
    [
      "7e1c",
      ["7e1c52ab-4f0e-4a55-9a52-0d3b2f1c8a10", "8e1c52ab-4f0e-4a55-9a52-0d3b2f1c8a10"],
      "Did you mean '7e1c52ab-4f0e-4a55-9a52-0d3b2f1c8a10'?",
    ],
    [
      "7e1c52ab-4f0e-4a55-9a52-0d3b2f1c8a01",
      ["7e1c52ab-4f0e-4a55-9a52-0d3b2f1c8a10"],
      "Did you mean '7e1c52ab-4f0e-4a55-9a52-0d3b2f1c8a10'?",
    ],
    ["a", ["aa", "ab", "ac", "ad"], "Did you mean 'aa' or 'ab' or 'ac'?"],
  ] as const) {
    it(`offers ${suggestion.slice(13, -1)} for ${typed}`, () => {
      assert.equal(didYouMean(typed, known), suggestion);
    });
  }

  for (const [typed, known] of [
    ["web", ["db", "gateway"]],
    ["abc", ["7e1c52ab-4f0e-4a55-9a52-0d3b2f1c8a10"]],
    ["x", ["y"]],
    ["", ["web"]],
    ["web", []],
  ] as const) {
    it(`is not made for '${typed}' among ${known.join(", ") || "nothing"}`, () => {
      assert.equal(didYouMean(typed, known), "");
    });
  }
});

describe("a list of names", () => {
  it("is sorted, with each name once", () => {
    assert.equal(listNames(["web", "db", "web"]), "db, web");
  });

  it("ends with how many are left out", () => {
    const names = Array.from({ length: 12 }, (_, index) => `vm${String(index).padStart(2, "0")}`);
    assert.equal(listNames(names), "vm00, vm01, vm02, vm03, vm04, vm05, vm06, vm07, vm08, vm09 and 2 more");
  });
});
