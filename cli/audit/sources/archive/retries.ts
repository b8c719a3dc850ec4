import { setTimeout as wait } from "node:timers/promises";
import { isPassing, retryDelay } from "../../../azure/retries.ts";
import { restAnswer } from "../../../azure/restError.ts";

export interface RetryOptions {
  /** How often a request is sent before its error is thrown. @default 6 */
  readonly attempts?: number;
  /** Milliseconds before the second attempt, doubled before each further one, up to 30 seconds. @default 500 */
  readonly baseDelay?: number;
  /** Milliseconds without a response after which a request is aborted and sent again. @default 60000 */
  readonly silence?: number;
}

/**
 * Repeats a request after a temporary failure: throttling (429), a timeout (408), errors of the service (5xx) or the network,
 * and no response.
 * @param request must call `stillAlive` whenever data arrives.
 */
export async function withRetries<T>(
  request: (signal: AbortSignal, stillAlive: () => void) => Promise<T>,
  signal: AbortSignal | undefined,
  { attempts = 6, baseDelay, silence = 60_000 }: RetryOptions = {},
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
      const answer = restAnswer(error);
      const delay = retryDelay(attempt, { retryAfter: answer.retryAfter, ...(baseDelay && { baseMs: baseDelay }) });
      const mayPass = silent.signal.aborted || isPassing(answer);
      if (attempt >= attempts || delay === undefined || !mayPass) throw error;
      await wait(delay, undefined, signal === undefined ? {} : { signal });
    } finally {
      clearTimeout(timer);
    }
  }
}
