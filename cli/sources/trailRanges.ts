/** Widens time ranges to include the records that sessions of a range may rest on. */
import { longestGrantMs } from "../rules/jitTimes.ts";
import type { TimeRange } from "../timeRange.ts";
import { dayMs, hourMs } from "../time.ts";

/** How far before the range rules are read, in milliseconds. Rules last written earlier are not seen. */
const rulesBackMs = 30 * dayMs;
/** How far before the range sessions are read, in milliseconds: they may have used its grants and flows. */
export const sessionsBackMs = longestGrantMs + hourMs;

/**
 * How far after the range sessions of files are read, in milliseconds: a connection in the flow log may be one of theirs. A row of
 * sums is for an hour at most.
 */
export const sessionsAfterMs = 2 * hourMs;

/** How far from the moment of `--at` records are read, in milliseconds: a session may have none but at its start and end. */
const momentReachMs = 7 * dayMs;

/** The time range in which sessions are looked for. @param at moment of `--at`. */
export function searchedRange(range: TimeRange, at: Date | undefined): TimeRange {
  if (at === undefined) return range;
  return { from: new Date(at.getTime() - momentReachMs), to: new Date(at.getTime() + momentReachMs) };
}

/** The time range for reading sessions and flows. */
export function withEarlierSessions({ from, to }: TimeRange): TimeRange {
  return { from: from && new Date(from.getTime() - sessionsBackMs), to };
}

/** The time range for reading activity log events. */
export function withEarlierRules({ from, to }: TimeRange): TimeRange {
  return {
    from: from && new Date(from.getTime() - rulesBackMs),
    to: to && new Date(to.getTime() + longestGrantMs),
  };
}
