import assert from "node:assert/strict";
import { UserError } from "../../cli/errors.ts";
import { checkRange, type RangeFlags } from "../../cli/timeRange.ts";

const [first, second] = [new Date("2026-05-01T00:00:00Z"), new Date("2026-05-02T00:00:00Z")];

describe("a time range", () => {
  const cases: readonly (readonly [string, RangeFlags, string, string])[] = [
    [
      "cannot end before it begins",
      { from: second, to: first },
      "The time range is empty: it ends at 2026-05-01T00:00:00.000Z and begins at 2026-05-02T00:00:00.000Z.",
      "Use a later --to or an earlier --from.",
    ],
    [
      "cannot end when it begins",
      { from: first, to: first },
      "The time range is empty: it ends at 2026-05-01T00:00:00.000Z and begins at 2026-05-01T00:00:00.000Z.",
      "Use a later --to or an earlier --from.",
    ],
    ...[{ from: first }, { to: first }].map(
      (bound) =>
        [
          `cannot be a length with --${Object.keys(bound).join()}`,
          { since: 1, ...bound },
          "--since cannot be combined with --from or --to.",
          "Pass --since, or --from and --to.",
        ] as const,
    ),
  ];
  for (const [what, flags, message, nextStep] of cases) {
    it(what, () => {
      assert.throws(
        () => {
          checkRange(flags);
        },
        new UserError(message, nextStep),
      );
    });
  }

  it("is any other", () => {
    for (const flags of [{}, { since: 1 }, { from: first }, { to: first }, { from: first, to: second }])
      checkRange(flags);
  });
});
