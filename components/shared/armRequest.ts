/** Requests to Azure Resource Manager for what azure-native has no resource for, repeated where that may help. */

/** A request that Azure refused, or that got no answer. */
export class RequestFailure extends Error {
  override readonly name = "RequestFailure";
  /** HTTP status; `undefined` where there is no answer. */
  readonly status: number | undefined;
  /** What Azure asks to wait before the next attempt, in milliseconds; `undefined` where it names no time. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: { status?: number; retryAfterMs?: number | undefined; cause?: unknown }) {
    super(message, { cause: details.cause });
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** Whether the same request may succeed later. */
  get isTemporary(): boolean {
    return this.status === undefined || temporaryStatuses.includes(this.status);
  }
}

/** What the Azure SDKs, and so azure-native, repeat a request for (azcore, policy_retry.go). */
const temporaryStatuses: readonly number[] = [408, 429, 500, 502, 503, 504];
/** As many as the Azure SDKs. */
const maxRetries = 3;
/** Milliseconds before the first repetition where Azure names no `Retry-After`; they double each time. */
const firstWaitMs = 1000;

/**
 * Sends one request.
 * @returns the answer's JSON.
 * @throws RequestFailure with the method, the URL and what Azure answered, or why there is no answer.
 */
export async function sendRequest(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  body?: object,
): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    text = await response.text();
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error && cause.message !== "" ? cause.message : message;
    throw new RequestFailure(`${method} ${url} failed: ${reason}`, { cause: error });
  }
  if (!response.ok) {
    const seconds = Number(response.headers.get("retry-after") ?? NaN);
    throw new RequestFailure(`${method} ${url} answered ${response.status}: ${text}`, {
      status: response.status,
      retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
    });
  }
  return JSON.parse(text);
}

/**
 * Does the work, and again from its start when a request of it failed for a while only: the Azure SDKs repeat single
 * requests, but what an interrupted write did can change what the next one has to say (an ETag).
 */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RequestFailure) || !error.isTemporary || attempt === maxRetries) {
        throw error;
      }
      const wait = error.retryAfterMs ?? firstWaitMs * 2 ** attempt;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** For a read of what may not be there yet: `undefined` then, any other error as it is. */
export function unlessMissing(error: unknown): undefined {
  if (!(error instanceof RequestFailure) || error.status !== 404) throw error;
}
