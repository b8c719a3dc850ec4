/** The time range given by `--since`, `--from` and `--to`. */
import { UserError } from "./errors.ts";
import { dayMs } from "./time.ts";

/** How far back the logs of a deployment are read by default, in milliseconds. Of a folder, everything is read. */
export const usualRangeMs = dayMs;

export interface RangeFlags {
  /** Milliseconds before now. */
  readonly since?: number | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export interface TimeRange {
  /** Inclusive. */
  readonly from: Date | undefined;
  /** Exclusive. */
  readonly to: Date | undefined;
}

/** @throws `UserError` for an empty range, and for --since with --from or --to. */
export function checkRange({ since, from, to }: RangeFlags): void {
  if (since !== undefined && (from !== undefined || to !== undefined)) {
    throw new UserError("--since cannot be combined with --from or --to.", "Pass --since, or --from and --to.");
  }
  if (from !== undefined && to !== undefined && from >= to) {
    throw new UserError(
      `The time range is empty: it ends at ${to.toISOString()} and begins at ${from.toISOString()}.`,
      "Use a later --to or an earlier --from.",
    );
  }
}

/**
 * @param flags which `checkRange` accepts.
 * @param defaultSince milliseconds before now, used without --since and --from; `undefined` for no bound.
 */
export function rangeFrom({ since, from, to }: RangeFlags, now: Date, defaultSince: number | undefined): TimeRange {
  const length = since ?? (from === undefined ? defaultSince : undefined);
  // With --to alone, the default range ends at --to.
  return { from: length === undefined ? from : new Date((to ?? now).getTime() - length), to };
}
