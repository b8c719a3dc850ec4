/** The retry policy for Azure clients whose responses arrive in one piece. Loads Azure's libraries. */
import {
  retryPolicy,
  type PipelinePolicy,
  type PipelineRequest,
  type RetryInformation,
} from "@azure/core-rest-pipeline";
import { codeIn } from "./armAnswer.ts";
import { busyCodes, isPassing, retryDelay } from "./retries.ts";

export interface RetryPolicyOptions {
  /** Maximum number of attempts per request. @default 6 */
  readonly attempts?: number | undefined;
  /** Whether a request must not be carried out twice. Default: none. */
  readonly isOnce?: (request: PipelineRequest | undefined) => boolean;
  /** The current time by Azure's clock, for a `Retry-After` with a date. Default: by the local clock. */
  readonly now?: () => Date;
}

/**
 * The library's own strategies repeat a 429 only if it has `Retry-After`, however long that is, and give up on half of the
 * broken connections. A request that may have been carried out is repeated too, because the calls of the CLI are idempotent, except for
 * those of `isOnce`.
 */
export function azureRetryPolicy({
  attempts = 6,
  isOnce = () => false,
  now = () => new Date(),
}: RetryPolicyOptions): PipelinePolicy {
  const passingFailures = {
    name: "passingFailures",
    retry({ retryCount, response, responseError }: RetryInformation) {
      const failure = { status: response?.status, code: responseError?.code };
      const delay = retryDelay(retryCount + 1, { retryAfter: response?.headers.get("Retry-After"), now: now() });
      const isBusy = response?.status === 409 && busyCodes.includes(codeIn(response.bodyAsText ?? "") ?? "");
      const isUndone = response?.status === 429 || isBusy;
      const mayRepeat = isUndone || !isOnce(response?.request ?? responseError?.request);
      return (isPassing(failure) || isBusy) && mayRepeat && delay !== undefined
        ? { retryAfterInMs: delay }
        : { skipStrategy: true };
    },
  };
  return retryPolicy([passingFailures], { maxRetries: attempts - 1 });
}
