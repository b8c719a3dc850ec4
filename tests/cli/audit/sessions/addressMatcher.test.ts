import assert from "node:assert/strict";
import { addressMatcher } from "../../../../cli/audit/sessions/addressMatcher.ts";

describe("a filter for client addresses", () => {
  const cases: [filter: string, address: string | null, matches: boolean][] = [
    ["203.0.113.7", "203.0.113.7", true],
    ["203.0.113.7", "203.0.113.70", false],
    ["203.0.113.0/24", "203.0.113.255", true],
    ["203.0.113.0/24", "203.0.114.0", false],
    ["0.0.0.0/0", "198.51.100.4", true],
    ["0.0.0.0/0", "2001:db8::7", false],
    ["2001:db8::/32", "2001:0DB8:0:0::7", true],
    ["203.0.113.0/24", "::ffff:203.0.113.7", true],
    ["::ffff:203.0.113.7", "203.0.113.7", true],
    ["203.0.113.7", "no address", false],
    ["203.0.113.7", null, false],
  ];
  for (const [filter, address, matches] of cases) {
    it(`${filter} ${matches ? "keeps" : "leaves out"} ${String(address)}`, () => {
      assert.equal(addressMatcher(filter)(address), matches);
    });
  }

  it("is an address or a range", () => {
    assert.throws(() => addressMatcher("office"), {
      name: "RangeError",
      message: "'office' is neither an IP address nor a range such as 203.0.113.0/24.",
    });
  });
});
