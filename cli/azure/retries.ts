/** When a request to Azure is sent again: to Resource Manager, to a workspace and to a storage account. */

const longestMs = 30_000;
/** After a service has asked for a longer pause than this, it is better to run the command again later. */
const longestAskedMs = 120_000;

/** Failures without an answer after which the next attempt may get one; not those of a wrong name or certificate. */
const passingCodes = new Set([
  "REQUEST_SEND_ERROR",
  "PARSE_ERROR",
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

/**
 * Whether the same request may succeed later: after time-outs, throttling, errors of the service and broken connections.
 * @param failure the HTTP status, or the code of the error where there was no answer.
 */
export function isPassing({ status, code = "" }: { status?: number | undefined; code?: string | undefined }): boolean {
  return status === undefined
    ? passingCodes.has(code)
    : status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

export interface RetryDelayOptions {
  /** The header of the answer (RFC 9110, 10.2.3): seconds or a date. */
  readonly retryAfter?: string | undefined;
  /** The present, for a date. Default: this machine's. */
  readonly now?: Date;
  /** The longest wait before the second attempt, in milliseconds. Default: 500. */
  readonly baseMs?: number;
  readonly random?: () => number;
}

/**
 * How long to wait before a request is sent again, in milliseconds: what Azure asks for, else twice as long each time up to 30
 * seconds, spread so that many clients do not come back at once.
 * @param attempt how often it was sent already, from 1.
 * @returns `undefined` when Azure asks for more than two minutes.
 */
export function retryDelay(
  attempt: number,
  { retryAfter, now = new Date(), baseMs = 500, random = Math.random }: RetryDelayOptions = {},
): number | undefined {
  const asked = askedDelay(retryAfter, now);
  if (asked !== undefined) {
    return asked > longestAskedMs ? undefined : asked;
  }
  const longest = Math.min(longestMs, baseMs * 2 ** (attempt - 1));
  return Math.round(longest / 2 + (random() * longest) / 2);
}

function askedDelay(retryAfter: string | undefined, now: Date): number | undefined {
  if (retryAfter === undefined) {
    return undefined;
  }
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
