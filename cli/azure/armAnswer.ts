/** What Azure Resource Manager's answers mean: their pages, and its errors. */
import { isRestError, type HttpHeaders } from "@azure/core-rest-pipeline";
import { jsonValue } from "../jsonValue.ts";
import { formatDuration } from "../time.ts";
import { AzureFailure, ArmError } from "./failure.ts";
import { askedDelay } from "./retries.ts";

export interface ArmRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/subscriptions/...`, or a full URL in the same cloud. */
  readonly path: string;
  /** Must be omitted if the URL already has one. */
  readonly apiVersion?: string;
  readonly body?: unknown;
  /**
   * Whether the request must not be carried out twice. It is sent again only if Azure refused it because it was busy (429, or 409
   * with a code for that).
   */
  readonly once?: boolean;
  /** Links the events in the activity log. Default: a new GUID. */
  readonly correlationId?: string;
}

export interface ArmAnswer {
  readonly status: number;
  /** The parsed JSON; `undefined` if the response has none. */
  readonly body: unknown;
  /** The `correlationId` in the activity log. */
  readonly correlationId: string | undefined;
}

export interface RawAnswer extends ArmAnswer {
  readonly headers: HttpHeaders;
}

/** Returns `undefined` for an error that is not a connection error. */
export function noAnswer(request: ArmRequest, error: unknown, silenceMs: number): AzureFailure | undefined {
  const isSilence = error instanceof Error && error.name === "TimeoutError";
  if (!isSilence && !isRestError(error)) return undefined;
  const reason = isSilence ? `it did not come within ${formatDuration(silenceMs / 1000)}` : error.message;
  const message = `${nameOf(request)} got no answer: ${reason}.`;
  return new AzureFailure(message, "Check the network and the proxy.", { cause: error });
}

/** A proxy or a network's login page can answer in Azure's place. Its page must not count as an empty result. */
export function notJson(request: ArmRequest): AzureFailure {
  return new AzureFailure(
    `${nameOf(request)} was answered with something other than JSON.`,
    "Check the proxy and the endpoint of Azure Resource Manager.",
  );
}

/** Returns one page of a list. An answer without a list, such as an empty one, must not count as an empty list. */
export function pageIn(request: ArmRequest, page: unknown): { value: readonly unknown[]; nextLink: string } {
  if (typeof page !== "object" || page === null || Array.isArray(page) || "error" in page) throw noList(request);
  const { value, nextLink } = page as { value?: unknown; nextLink?: unknown };
  return { value: Array.isArray(value) ? value : [], nextLink: typeof nextLink === "string" ? nextLink : "" };
}

export function noList(request: ArmRequest): AzureFailure {
  return new AzureFailure(`${nameOf(request)} was not answered with a list.`, "Try again later.");
}

/** A proxy's login page can also be somewhere else. */
export function redirected(request: ArmRequest, { headers }: RawAnswer): AzureFailure {
  const location = headers.get("Location") ?? "";
  // Its query can have a secret.
  const where = URL.canParse(location) ? new URL(location).host : "another address";
  return new AzureFailure(
    `${nameOf(request)} was redirected to ${where}.`,
    "Check the proxy and the endpoint of Azure Resource Manager.",
  );
}

/** @param now the current time by Azure's clock. */
export function refusal(request: ArmRequest, { status, headers, body }: RawAnswer, now: Date): ArmError {
  const { code = "Unknown", message = `Azure answers ${nameOf(request)} with the status ${status}.` } = errorIn(body);
  const pauseMs = askedDelay(headers.get("Retry-After"), now);
  return new ArmError({ status, code, message, requestId: headers.get("x-ms-request-id"), pauseMs });
}

/** Returns the error of an operation that was accepted and did not succeed. */
export function failedOperation(request: ArmRequest, body: unknown): ArmError {
  const { status } = (body ?? {}) as { status?: unknown };
  const { code = String(status), message = `${nameOf(request)} failed.` } = errorIn(body);
  return new ArmError({ status: 200, code, message });
}

/** Returns Azure's code in the text of a response; `undefined` if it has none. */
export function codeIn(text: string): string | undefined {
  return errorIn(jsonValue(text)).code;
}

/** Reads an error: most providers nest it (ARM RPC), some return its members directly. */
function errorIn(body: unknown): { code?: string; message?: string } {
  const { error } = (body ?? {}) as { error?: unknown };
  const { code, message } = (error ?? body ?? {}) as { code?: unknown; message?: unknown };
  return { ...(typeof code === "string" && { code }), ...(typeof message === "string" && { message }) };
}

export function nameOf({ method, path }: ArmRequest): string {
  return `${method} ${path.replace(/\?.*$/, "")}`;
}
