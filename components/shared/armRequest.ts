/** Requests to Azure Resource Manager for what azure-native has no resource for, repeated where that may help. */

/** A failure after which the same work may succeed; `retryAfterMs` is there if Azure said how long to wait. */
interface TemporaryFailure extends Error {
  readonly temporary: true;
  readonly retryAfterMs: number | undefined;
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
 * @throws Error with the method, the URL and what Azure answered, or why there is no answer.
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
    const failure = new Error(`${method} ${url} failed: ${reason}`, { cause: error });
    throw Object.assign(failure, { temporary: true, retryAfterMs: undefined });
  }
  if (!response.ok) {
    const seconds = Number(response.headers.get("retry-after") ?? NaN);
    throw Object.assign(new Error(`${method} ${url} answered ${response.status}: ${text}`), {
      status: response.status,
      temporary: temporaryStatuses.includes(response.status),
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
      const { temporary, retryAfterMs } = error as Partial<TemporaryFailure>;
      if (temporary !== true || attempt === maxRetries) {
        throw error;
      }
      const wait = retryAfterMs ?? firstWaitMs * 2 ** attempt;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
