/** Requests to Azure Resource Manager that azure-native has no resource for, with retries. */

/** A request that Azure refused or did not answer. */
export class RequestFailure extends Error {
  override readonly name = "RequestFailure";
  /** HTTP status; `undefined` without an answer. */
  readonly status: number | undefined;
  /** How long Azure asks to wait before the next attempt, in milliseconds; `undefined` if it does not say. */
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

/** Statuses for which the Azure SDKs, and so azure-native, retry a request (azcore, policy_retry.go). */
const temporaryStatuses: readonly number[] = [408, 429, 500, 502, 503, 504];
/** Same as in the Azure SDKs. */
const maxRetries = 3;
/** Milliseconds before the first retry if Azure sends no `Retry-After`; doubled for each further one. */
const firstWaitMs = 1000;

/**
 * Sends one request.
 * @returns the parsed JSON of the response.
 * @throws RequestFailure with the method, the URL and Azure's answer, or the reason why there is no answer.
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
  try {
    return JSON.parse(text);
  } catch (error) {
    // A proxy or a network's login page can answer in Azure's place.
    throw new RequestFailure(`${method} ${url} answered ${response.status} with something other than JSON`, {
      status: response.status,
      cause: error,
    });
  }
}

/**
 * Runs the work, and runs it again from the start if one of its requests failed temporarily. The Azure SDKs retry
 * single requests, but an interrupted write can change what the next request must contain (an ETag).
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

/**
 * Error handler for reads of a resource that may not exist: returns `undefined` if it is missing, and rethrows any
 * other error.
 */
export function unlessMissing(error: unknown): undefined {
  if (!(error instanceof RequestFailure) || error.status !== 404) throw error;
}
