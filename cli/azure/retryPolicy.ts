/** The retry policy of every client of Azure whose answers come in one piece. Loads Azure's libraries. */
import { retryPolicy, type PipelinePolicy, type RetryInformation } from "@azure/core-rest-pipeline";
import { isPassing, retryDelay } from "./retries.ts";

export interface RetryPolicyOptions {
  /** How often a request is sent at most. Default: 6. */
  readonly attempts?: number | undefined;
  /** The present by Azure's clock, for a `Retry-After` that is a date. Default: this machine's. */
  readonly now?: () => Date;
}

/**
 * The library's own strategies repeat a 429 only where it has `Retry-After`, obey however long that is, and give up on half of the
 * broken connections. All calls of the CLI can be sent twice without doing more than once.
 */
export function azureRetryPolicy({ attempts = 6, now = () => new Date() }: RetryPolicyOptions): PipelinePolicy {
  const passingFailures = {
    name: "passingFailures",
    retry({ retryCount, response, responseError }: RetryInformation) {
      const failure = { status: response?.status, code: responseError?.code };
      const delay = retryDelay(retryCount + 1, { retryAfter: response?.headers.get("Retry-After"), now: now() });
      return isPassing(failure) && delay !== undefined ? { retryAfterInMs: delay } : { skipStrategy: true };
    },
  };
  return retryPolicy([passingFailures], { maxRetries: attempts - 1 });
}
