/** A header has whole seconds, so a change up to this is treated as none, in milliseconds. */
const toleranceMs = 2000;

/**
 * Returns how far Azure's clock is ahead of the local clock, in milliseconds, from the `Date` header of a response that has
 * just arrived. A change within the header's precision counts as none, so that times computed one after the other do not jump.
 * @param known the previous value, returned if the response has no time. 0 before the first response.
 */
export function azureTime(date: string | null | undefined, known: number, now = Date.now()): number {
  const time = Date.parse(date ?? "");
  if (Number.isNaN(time)) {
    return known;
  }
  const ahead = time - now;
  if (Math.abs(ahead) <= toleranceMs) return 0;
  return Math.abs(ahead - known) <= toleranceMs ? known : ahead;
}
