/** Decides when a request to Azure is repeated: to Resource Manager, a workspace or a storage account. */

const longestMs = 30_000;
/** If a service asks for a longer pause than this, it is better to run the command again later. */
export const longestAskedMs = 120_000;

/** Codes of connection errors that may be temporary; those for a wrong name or certificate are not among them. */
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
 * Azure's codes, with the status 409, for a resource that another call is changing (Azure Resource Manager, "Troubleshoot common
 * deployment errors"). The refused call was not carried out.
 */
export const busyCodes: readonly string[] = [
  "AnotherOperationInProgress",
  "RetryableError",
  "StorageAccountOperationInProgress",
];

/**
 * Returns whether the same request may succeed later: after timeouts, throttling, errors of the service and broken connections.
 * @param failure the HTTP status, or the code of the error if there was no response.
 */
export function isPassing({ status, code = "" }: { status?: number | undefined; code?: string | undefined }): boolean {
  return status === undefined
    ? passingCodes.has(code)
    : status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

export interface RetryDelayOptions {
  /** The `Retry-After` header of the response (RFC 9110, 10.2.3): seconds or a date. */
  readonly retryAfter?: string | undefined;
  /** The current time, for a date. Default: by the local clock. */
  readonly now?: Date;
  /** Maximum wait before the second attempt, in milliseconds. @default 500 */
  readonly baseMs?: number;
  readonly random?: () => number;
}

/**
 * Returns how long to wait before a request is repeated, in milliseconds: as long as Azure asks for, else twice as long each
 * time up to 30 seconds, spread so that many clients do not retry at once.
 * @param attempt how often it was already sent, from 1.
 * @returns `undefined` if Azure asks for more than two minutes.
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

/** @returns milliseconds; `undefined` if the header is missing or unreadable. */
export function askedDelay(retryAfter: string | undefined, now: Date): number | undefined {
  if (retryAfter === undefined) {
    return undefined;
  }
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
