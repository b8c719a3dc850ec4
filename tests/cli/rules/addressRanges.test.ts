import assert from "node:assert/strict";
import { isInside, overlap } from "../../../cli/rules/addressRanges.ts";

describe("address ranges", () => {
  it("are inside one another by their numbers, or by what a tag's name says", () => {
    for (const [one, other] of [
      ["10.0.0.0/26", "10.0.0.0/16"],
      ["10.0.0.7", "10.0.0.0/26"],
      ["2001:db8::1", "2001:db8::/32"],
      ["10.0.0.0/26", "*"],
      ["203.0.113.7", "Internet"],
      ["AzureCloud", "azurecloud"],
      ["/asg/web", "VirtualNetwork"],
    ] as const) {
      assert.equal(isInside(one, other), true, `${one} ${other}`);
    }
    for (const [one, other] of [
      ["10.0.0.0/16", "10.0.0.0/26"],
      ["*", "10.0.0.0/8"],
      ["10.0.0.1", "Internet"],
      ["10.0.0.1", "VirtualNetwork"],
      ["10.0.0.1", "2001:db8::/32"],
      ["AzureCloud", "10.0.0.0/8"],
    ] as const) {
      assert.equal(isInside(one, other), false, `${one} ${other}`);
    }
  });

  it("overlap unless it is known that they do not", () => {
    assert.equal(overlap("10.0.0.0/16", "10.0.0.0/26"), true);
    assert.equal(overlap("10.0.0.0/26", "10.0.1.0/24"), false);
    assert.equal(overlap("VirtualNetwork", "10.0.1.0/24"), true);
    assert.equal(overlap("Internet", "VirtualNetwork"), false);
    assert.equal(overlap("Internet", "10.0.0.0/8"), false);
    assert.equal(overlap("Internet", "/asg/web"), false);
    assert.equal(overlap("Internet", "AzureCloud"), true);
    assert.equal(overlap("AzureCloud", "VirtualNetwork"), true);
  });
});
