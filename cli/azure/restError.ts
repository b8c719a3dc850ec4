import type { RestError } from "@azure/core-rest-pipeline";

/** What an error of Azure's libraries tells of the response. All but the message may be missing. */
export interface RestAnswer {
  /** HTTP status. */
  readonly status: number | undefined;
  /** Azure's code, or the operating system's if there was no response. */
  readonly code: string | undefined;
  readonly message: string;
  /** The `Retry-After` header: seconds, or an HTTP date. */
  readonly retryAfter: string | undefined;
  /** The parsed body of the response. */
  readonly details: unknown;
}

/** Reads an error without loading Azure's libraries. */
export function restAnswer(error: unknown): RestAnswer {
  if (!(error instanceof Error)) {
    return { message: String(error), status: undefined, code: undefined, retryAfter: undefined, details: undefined };
  }
  const { message, statusCode: status, code, response, details }: Error & Partial<RestError> = error;
  return {
    message,
    status,
    // An `AbortError` has a number.
    code: typeof code === "string" ? code : undefined,
    retryAfter: response?.headers.get("retry-after"),
    details,
  };
}
