const baseMs = 500;
const longestMs = 30_000;
/** A service that wants to be left alone for longer than this is better tried again by hand. */
const longestAskedMs = 120_000;

/**
 * How long to wait before a request is sent again, in milliseconds: what Azure asks for in `Retry-After` (seconds or a
 * date), else twice as long each time, spread so that many clients do not come back at once.
 * @param attempt how often it was sent already, from 1.
 * @returns `undefined` when Azure asks for more time than is worth waiting.
 */
export function retryDelay(
  attempt: number,
  headers: Headers | undefined,
  now: Date,
  random: () => number = Math.random,
): number | undefined {
  const asked = askedDelay(headers, now);
  if (asked !== undefined) {
    return asked > longestAskedMs ? undefined : asked;
  }
  const longest = Math.min(longestMs, baseMs * 2 ** (attempt - 1));
  return Math.round(longest / 2 + (random() * longest) / 2);
}

function askedDelay(headers: Headers | undefined, now: Date): number | undefined {
  const text = headers?.get("Retry-After");
  if (text === null || text === undefined) {
    return undefined;
  }
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
