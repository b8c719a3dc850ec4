/** Bounds of `TimeGenerated`; null for none. */
export interface TimeBounds {
  readonly from: Date | null;
  readonly to: Date | null;
}

const durationForm =
  /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;
const units = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000];

/**
 * Parses the `timespan` of a query: an ISO 8601 duration back from now, or an interval of two instants or of an instant
 * and a duration.
 * @returns undefined for anything else.
 */
export function parseTimespan(timespan: string | undefined, now: Date): TimeBounds | undefined {
  if (timespan === undefined || timespan === "") return { from: null, to: null };
  const [first = "", second, ...more] = timespan.split("/");
  if (more.length > 0) return undefined;
  if (second === undefined) {
    const length = durationOf(first);
    return length === undefined ? undefined : { from: new Date(now.getTime() - length), to: now };
  }
  const [start, end] = [instantOf(first), instantOf(second)];
  const [before, after] = [durationOf(first), durationOf(second)];
  if (start !== undefined && end !== undefined) return { from: start, to: end };
  if (start !== undefined && after !== undefined) return { from: start, to: new Date(start.getTime() + after) };
  if (end !== undefined && before !== undefined) return { from: new Date(end.getTime() - before), to: end };
  return undefined;
}

/** Returns milliseconds. Years and months have no fixed length, and the service does not accept them here. */
function durationOf(text: string): number | undefined {
  const parts: (string | undefined)[] | undefined = durationForm.exec(text)?.slice(1);
  if (parts === undefined || parts.every((part) => part === undefined)) return undefined;
  return parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (units[index] ?? 0), 0);
}

function instantOf(text: string): Date | undefined {
  const instant = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : new Date(Number.NaN);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
