/** A header has whole seconds, so a difference up to this is treated as none, in milliseconds. */
const toleranceMs = 2000;

/**
 * Returns how far Azure's clock is ahead of the local clock, in milliseconds, from the `Date` header of a response that has
 * just arrived. A difference within the header's precision counts as none, so that times computed one after the other do not
 * jump.
 * @param known the previous value, returned if the response has no time.
 */
export function azureTime(date: string | null | undefined, known: number, now = Date.now()): number {
  const time = Date.parse(date ?? "");
  if (Number.isNaN(time)) {
    return known;
  }
  return Math.abs(time - now) <= toleranceMs ? 0 : time - now;
}
