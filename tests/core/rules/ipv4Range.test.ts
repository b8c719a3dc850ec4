import assert from "node:assert/strict";
import { containsIpv4Range, isPublicIpv4, parseIpv4Range } from "../../../core/rules/ipv4Range.ts";

describe("an IPv4 range", () => {
  it("is read with its first address", () => {
    assert.deepEqual(parseIpv4Range("10.20.1.7/16"), {
      length: 16,
      network: "10.20.0.0",
      startsAtNetwork: false,
      first: 10 * 2 ** 24 + 20 * 2 ** 16,
      last: 10 * 2 ** 24 + 21 * 2 ** 16 - 1,
    });
    assert.equal(parseIpv4Range("255.255.255.255/32")?.startsAtNetwork, true);
    assert.equal(parseIpv4Range("0.0.0.0/0")?.last, 2 ** 32 - 1);
  });

  for (const text of [
    "10.1/16",
    "0x0a.0.0.0/8",
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.0/08",
    "010.0.0.0/8",
    "fd00::/8",
    "",
  ]) {
    it(`is not "${text}"`, () => {
      assert.equal(parseIpv4Range(text), undefined);
    });
  }

  const within = (outer: string, inner: string) => containsIpv4Range(parseIpv4Range(outer)!, parseIpv4Range(inner)!);

  it("contains itself and smaller ranges in it, nothing else", () => {
    assert.ok(within("10.0.0.0/8", "10.0.0.0/8"));
    assert.ok(within("10.0.0.0/8", "10.255.255.0/24"));
    assert.ok(!within("10.0.0.0/8", "11.0.0.0/24"));
    assert.ok(!within("10.0.0.0/24", "10.0.0.0/8"));
  });

  it("is public unless nobody has it on the internet", () => {
    for (const range of [
      "10.0.0.0/32",
      "172.31.0.0/24",
      "192.168.1.0/24",
      "100.64.0.1/32",
      "127.0.0.1/32",
      "169.254.1.1/32",
      "0.0.0.0/8",
      "239.0.0.0/8",
      "255.255.255.255/32",
    ]) {
      assert.ok(!isPublicIpv4(parseIpv4Range(range)!), range);
    }
    for (const range of ["203.0.113.7/32", "172.32.0.0/24", "100.128.0.0/24", "9.255.255.255/32"]) {
      assert.ok(isPublicIpv4(parseIpv4Range(range)!), range);
    }
  });
});
