import assert from "node:assert/strict";
import { internalRanges, isAny, isInside, rangeOf } from "../../../cli/rules/addressRanges.ts";
import { includeRange } from "../../../cli/rules/sourcePoints.ts";

describe("address ranges", () => {
  it("are inside one another by their numbers, or by what a tag's name says", () => {
    for (const [one, other] of [
      ["10.0.0.0/26", "10.0.0.0/16"],
      ["10.0.0.7", "10.0.0.0/26"],
      ["10.0.0.63", "10.0.0.0/26"],
      ["10.0.0.0/26", "10.0.0.7/26"],
      ["10.0.0.0/26", "10.0.0.0/26"],
      ["2001:db8::1", "2001:db8::/32"],
      ["10.0.0.0/26", "*"],
      ["10.0.0.0/26", "ANY"],
      ["203.0.113.7", "Internet"],
      ["11.0.0.0/8", "Internet"],
      ["9.0.0.0/8", "Internet"],
      ["2001:db8::1", "Internet"],
      ["AzureCloud", "azurecloud"],
      ["*", "0.0.0.0/0"],
      ["/asg/web", "VirtualNetwork"],
    ] as const) {
      assert.equal(isInside(one, other), true, `${one} ${other}`);
    }
    for (const [one, other] of [
      ["10.0.0.0/16", "10.0.0.0/26"],
      ["10.0.0.64", "10.0.0.0/26"],
      ["9.255.255.255", "10.0.0.0/26"],
      ["*", "10.0.0.0/8"],
      ["10.0.0.1", "VirtualNetwork"],
      ["10.0.0.1", "2001:db8::/32"],
      ["10.0.0.1", "::/0"],
      ["2001:db8::1", "0.0.0.0/0"],
      ["8.0.0.0/5", "Internet"],
      ["10.0.0.0/7", "Internet"],
      ["AzureCloud", "10.0.0.0/8"],
    ] as const) {
      assert.equal(isInside(one, other), false, `${one} ${other}`);
    }
  });

  it("are on the internet unless private, shared, loopback or link-local, to the last address", () => {
    for (const [first, last, before, after] of [
      ["10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"],
      ["172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"],
      ["192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"],
      ["100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"],
      ["127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"],
      ["169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"],
      ["fc00::", "fdff:ffff::", "fbff:ffff::", "fe00::"],
      ["fe80::", "febf:ffff::", "fe7f:ffff::", "fec0::"],
      ["::1", "::1", "::", "::2"],
    ] as const) {
      assert.deepEqual(
        [first, last, before, after].map((address) => isInside(address, "Internet")),
        [false, false, true, true],
        first,
      );
    }
    assert.ok(isInside("::/128", "Internet") && !isInside("0.0.0.0/0", "Internet"));
    // One family's numbers mean nothing in the other.
    assert.ok(isInside("::a00:1", "Internet"));
    assert.equal(internalRanges.length, 9);
  });

  it("begin at the first address of their prefix, and end at the last", () => {
    const range = (first: bigint, last: bigint) => ({ family: "ipv4", first, last });
    assert.deepEqual(rangeOf("10.0.0.7/26"), range(0x0a000000n, 0x0a00003fn));
    assert.deepEqual(rangeOf("10.0.0.7"), range(0x0a000007n, 0x0a000007n));
    assert.deepEqual(rangeOf("0.0.0.0/0"), range(0n, 0xffffffffn));
    assert.deepEqual(rangeOf("::/0"), { family: "ipv6", first: 0n, last: (1n << 128n) - 1n });
    assert.deepEqual([rangeOf("Internet"), rangeOf("/asg/web"), rangeOf("*")], [undefined, undefined, undefined]);
    assert.deepEqual(["*", "any", "Any", "0.0.0.0/0", "Internet"].map(isAny), [true, true, true, false, false]);
  });

  it("are covered by several sources together, to the last address", () => {
    for (const [sources, isWhole] of [
      [["10.0.0.0/27", "10.0.0.32/27"], true],
      [["10.0.0.0/26"], true],
      [["10.0.0.0/27", "10.0.0.33/32"], false],
      [["10.0.0.0/27"], false],
      [["10.0.0.32/27"], false],
      [["10.0.0.0/27", "10.0.0.32/28", "10.0.0.48/29", "10.0.0.56/30", "10.0.0.60/31", "10.0.0.62"], false],
      [["VirtualNetwork"], false],
      [["*"], true],
    ] as const) {
      assert.equal(includeRange(sources, "10.0.0.0/26"), isWhole, sources.join());
    }
    assert.equal(includeRange(["*"], "VirtualNetwork"), false);
  });
});
