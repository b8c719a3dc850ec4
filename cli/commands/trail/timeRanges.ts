/** Of which times records are read, so that the sessions of a range have what they may rest on. */
import { longestGrantMs } from "../../audit/trail/readAccess.ts";
import type { TimeRange } from "../../timeRange.ts";

/** A rule that was written before this time ahead of the range is not seen. */
const rulesBackMs = 30 * 86_400_000;
/** Sessions that began before the range may have used its grants and its flows. */
export const sessionsBackMs = longestGrantMs + 3_600_000;

/** The time range of which sessions and flows are read. */
export function withEarlierSessions({ from, to }: TimeRange): TimeRange {
  return { from: from && new Date(from.getTime() - sessionsBackMs), to };
}

/** The time range of which events are read. */
export function withEarlierRules({ from, to }: TimeRange): TimeRange {
  return {
    from: from && new Date(from.getTime() - rulesBackMs),
    to: to && new Date(to.getTime() + longestGrantMs),
  };
}
