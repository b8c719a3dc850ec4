import assert from "node:assert/strict";
import fc from "fast-check";
import {
  canonicalPrefix,
  contains,
  formatAddress,
  overlaps,
  parseAddress,
  parsePrefix,
  parseRange,
} from "../../../../../sandbox/arm/types/network/addresses.ts";

describe("IP prefixes", () => {
  it("read IPv4 and IPv6, and nothing else", () => {
    assert.deepEqual(parsePrefix("10.0.1.0/24"), { family: "ipv4", first: 167772416n, last: 167772671n, length: 24 });
    assert.deepEqual(parseRange("::1"), { family: "ipv6", first: 1n, last: 1n, length: 128 });
    for (const text of [
      "10.0.1.0",
      "10.0.1/24",
      "10.0.1.0/33",
      "10.0.1.0/-1",
      "010.0.1.0/8",
      "x/8",
      "10.0.1.0/8/8",
      "",
    ]) {
      assert.equal(parsePrefix(text), undefined, text);
    }
    assert.equal(parseAddress("10.0.1.256"), undefined);
  });

  it("clear the bits past their length", () => {
    assert.equal(canonicalPrefix("10.0.1.5/24"), "10.0.1.0/24");
    assert.equal(canonicalPrefix("0.0.0.0/0"), "0.0.0.0/0");
  });

  it("never contain each other's addresses in part: they nest or they are apart", () => {
    const prefix = fc
      .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
      .map(([address, length]) => parsePrefix(`${formatAddress(BigInt(address))}/${length}`)!);
    fc.assert(fc.property(prefix, prefix, (a, b) => overlaps(a, b) === (contains(a, b) || contains(b, a))));
  });
});
