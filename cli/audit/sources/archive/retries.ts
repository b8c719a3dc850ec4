import { setTimeout as wait } from "node:timers/promises";
import { readAnswer } from "./errors.ts";

export interface RetryOptions {
  /** How often a request is sent before its error counts. @default 6 */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; twice as many before each further one, up to 30 seconds. @default 500 */
  readonly baseDelay?: number;
  /** Milliseconds after which a request that shows no life is given up and sent again. @default 60000 */
  readonly silence?: number;
}

const longestDelay = 30_000;
/** A service that wants to be left alone for longer than this is better tried again by hand. */
const longestAsked = 120_000;

/**
 * Sends a request again while it fails for the moment: throttling (429), a time-out (408), errors of the service (5xx) or
 * the network, and silence.
 * @param request calls `stillAlive` whenever something arrives.
 */
export async function withRetries<T>(
  request: (signal: AbortSignal, stillAlive: () => void) => Promise<T>,
  signal: AbortSignal | undefined,
  { attempts = 6, baseDelay = 500, silence = 60_000 }: RetryOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const silent = new AbortController();
    const timer = setTimeout(() => {
      silent.abort();
    }, silence);
    try {
      const either = signal === undefined ? silent.signal : AbortSignal.any([signal, silent.signal]);
      return await request(either, () => timer.refresh());
    } catch (error) {
      signal?.throwIfAborted();
      const asked = askedDelay(error);
      if (attempt >= attempts || asked > longestAsked || !(silent.signal.aborted || isPassing(error))) throw error;
      const longest = Math.min(longestDelay, baseDelay * 2 ** (attempt - 1));
      // Spread, so that many reads in flight do not come back at once.
      const delay = Math.max(asked, longest / 2 + (Math.random() * longest) / 2);
      await wait(delay, undefined, signal === undefined ? {} : { signal });
    } finally {
      clearTimeout(timer);
    }
  }
}

const passingCodes = new Set([
  "REQUEST_SEND_ERROR",
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

function isPassing(error: unknown): boolean {
  // What the SDK makes of a connection that breaks while a blob is read; nobody has aborted anything when this is asked.
  if (error instanceof Error && error.name === "AbortError") {
    return true;
  }
  const { status, code } = readAnswer(error);
  return status === undefined
    ? passingCodes.has(code)
    : status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** `Retry-After` as milliseconds (RFC 9110, 10.2.3: seconds or a date). */
function askedDelay(error: unknown): number {
  const { retryAfter } = readAnswer(error);
  if (retryAfter === undefined) {
    return 0;
  }
  const asked = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(asked) ? 0 : Math.max(0, asked);
}
