/** A header's second may have passed for the most part; less than this is no difference. */
const toleranceMs = 2000;

/**
 * How far Azure's clock is ahead of this machine's, in milliseconds, by the `Date` header of an answer that just came.
 * A difference within the header's precision counts as none, so that moments computed one after the other do not jump.
 * @param known what was known before; kept where the answer has no time.
 */
export function azureTime(date: string | null | undefined, known: number, now = Date.now()): number {
  const time = Date.parse(date ?? "");
  if (Number.isNaN(time)) {
    return known;
  }
  return Math.abs(time - now) <= toleranceMs ? 0 : time - now;
}
