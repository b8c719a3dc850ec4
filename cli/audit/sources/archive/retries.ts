import { setTimeout as wait } from "node:timers/promises";
import { isPassing, retryDelay } from "../../../azure/retries.ts";
import { readAnswer } from "./errors.ts";

export interface RetryOptions {
  /** How often a request is sent before its error counts. @default 6 */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; twice as many before each further one, up to 30 seconds. @default 500 */
  readonly baseDelay?: number;
  /** Milliseconds after which a request that shows no life is given up and sent again. @default 60000 */
  readonly silence?: number;
}

/**
 * Sends a request again while it fails for the moment: throttling (429), a time-out (408), errors of the service (5xx) or
 * the network, and silence.
 * @param request calls `stillAlive` whenever something arrives.
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
      const answer = readAnswer(error);
      const delay = retryDelay(attempt, { retryAfter: answer.retryAfter, ...(baseDelay && { baseMs: baseDelay }) });
      const mayPass = silent.signal.aborted || isBrokenRead(error) || isPassing(answer);
      if (attempt >= attempts || delay === undefined || !mayPass) throw error;
      await wait(delay, undefined, signal === undefined ? {} : { signal });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What the SDK makes of a connection that breaks while a blob is read; nobody has aborted anything when this is asked. */
function isBrokenRead(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
