import assert from "node:assert/strict";
import { isInside } from "../../../cli/rules/addressRanges.ts";

describe("address ranges", () => {
  it("are inside one another by their numbers, or by what a tag's name says", () => {
    for (const [one, other] of [
      ["10.0.0.0/26", "10.0.0.0/16"],
      ["10.0.0.7", "10.0.0.0/26"],
      ["2001:db8::1", "2001:db8::/32"],
      ["10.0.0.0/26", "*"],
      ["203.0.113.7", "Internet"],
      ["AzureCloud", "azurecloud"],
      ["*", "0.0.0.0/0"],
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
      ["10.0.0.1", "::/0"],
      ["2001:db8::1", "0.0.0.0/0"],
      ["8.0.0.0/5", "Internet"],
      ["AzureCloud", "10.0.0.0/8"],
    ] as const) {
      assert.equal(isInside(one, other), false, `${one} ${other}`);
    }
  });
});
