/** The moments between which something is looked for, as `--since`, `--from` and `--to` say it. */
import { UserError } from "./errors.ts";

export interface RangeFlags {
  /** Milliseconds before now. */
  readonly since?: number | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export interface TimeRange {
  /** Included. */
  readonly from: Date | undefined;
  /** Not included. */
  readonly to: Date | undefined;
}

/**
 * @param defaultSince milliseconds before now where neither --since nor --from says; `undefined` for no bound.
 * @throws `UserError` for a range without a length, and one that is said twice.
 */
export function rangeFrom({ since, from, to }: RangeFlags, now: Date, defaultSince: number | undefined): TimeRange {
  if (since !== undefined && (from !== undefined || to !== undefined)) {
    throw new UserError(
      "--since ends now, and so goes with neither --from nor --to.",
      "Give --since, or --from and --to.",
    );
  }
  const length = since ?? (from === undefined ? defaultSince : undefined);
  // With --to alone, the default length ends there.
  const start = length === undefined ? from : new Date((to ?? now).getTime() - length);
  if (start !== undefined && to !== undefined && start >= to) {
    throw new UserError(
      `The range is empty: it ends at ${to.toISOString()} and begins at ${start.toISOString()}.`,
      "Give a --to that is later, or an earlier --from.",
    );
  }
  return { from: start, to };
}
