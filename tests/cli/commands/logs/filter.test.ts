import assert from "node:assert/strict";
import { UserError } from "../../../../cli/errors.ts";
import { checkAddress, filterFrom, type FilterFlags } from "../../../../cli/commands/logs/filter.ts";

const now = new Date("2026-05-04T12:00:00Z");
const day = 86_400_000;
const nothing: FilterFlags = {
  since: undefined,
  from: undefined,
  to: undefined,
  user: undefined,
  vm: undefined,
  ip: undefined,
  protocol: undefined,
  outcome: undefined,
  tunnel: undefined,
};

function filter(flags: Partial<FilterFlags>, defaultSince?: number) {
  return filterFrom({ ...nothing, ...flags }, now, defaultSince);
}

describe("what the options of logs ask for", () => {
  it("is the source's default without options", () => {
    assert.deepEqual(filter({}, day), { from: new Date("2026-05-03T12:00:00Z") });
    assert.deepEqual(filter({}), {});
  });

  it("ends now with --since, and has no end with --from", () => {
    assert.deepEqual(filter({ since: 3_600_000 }, day), { from: new Date("2026-05-04T11:00:00Z") });
    assert.deepEqual(filter({ from: new Date("2026-05-01") }, day), { from: new Date("2026-05-01") });
  });

  it("is the source's own range before --to", () => {
    assert.deepEqual(filter({ to: new Date("2026-05-02") }, day), {
      from: new Date("2026-05-01"),
      to: new Date("2026-05-02"),
    });
  });

  it("is exactly the given range", () => {
    const asked = {
      user: "ada",
      vm: "web",
      ip: "2001:db8::/32",
      protocol: "ssh",
      outcome: "failed",
      tunnel: "t",
    } as const;
    assert.deepEqual(filter(asked), asked);
  });

  for (const [what, ip] of [
    ["an address that is not one", "203.0.113.300"],
    ["a range that is not one", "203.0.113.0/40"],
    // ipaddr.js reads it as 203.0.0.113, in the way of inet_aton.
    ["the beginning of an address", "203.0.113"],
    ["a range from the beginning of an address", "203.0.113/24"],
    ["an address with leading zeros", "010.0.0.1"],
  ] as const) {
    it(`is not ${what}`, () => {
      assert.throws(
        () => {
          checkAddress({ ip });
        },
        new UserError(
          `'${ip}' is not an IP address.`,
          "Use an address such as 203.0.113.7, or a range such as 203.0.113.0/24.",
        ),
      );
    });
  }
});
