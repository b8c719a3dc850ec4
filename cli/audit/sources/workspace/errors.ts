import { restAnswer } from "../../../azure/restError.ts";
import { jsonValue } from "../../../jsonValue.ts";

/** A workspace that cannot be read: the reason in one plain sentence, and what to do about it. */
export class WorkspaceQueryError extends Error {
  /** Azure's error code, e.g. `InsufficientAccessError`; `PartialError` if Azure returns only a part. */
  readonly code: string;
  /** HTTP status, if there was a response. */
  readonly status: number | undefined;
  readonly nextStep: string;

  constructor(message: string, details: { code: string; status?: number; nextStep: string; cause?: unknown }) {
    super(message, { cause: details.cause });
    this.name = "WorkspaceQueryError";
    this.code = details.code;
    this.status = details.status;
    this.nextStep = details.nextStep;
  }
}

/** Returns an error of the API and all errors inside it: `innererror`, and the `details` of a partial result. */
export function chainOf(error: unknown): { code: string; message: string }[] {
  if (typeof error !== "object" || error === null) return [];
  const code = member(error, "code");
  const message = member(error, "message");
  const details = member(error, "details");
  return [
    { code: typeof code === "string" ? code : "", message: typeof message === "string" ? message : "" },
    ...chainOf(member(error, "innererror")),
    ...(Array.isArray(details) ? details.flatMap(chainOf) : []),
  ];
}

/** Returns the errors that the service gives as reasons: they are in the body of its response. */
function errorsIn(error: unknown): { code: string; message: string }[] {
  return chainOf(member(restAnswer(error).details, "error"));
}

/**
 * Returns whether the query failed because the workspace does not have this table (yet): Azure creates a table with its first
 * row.
 */
export function saysNoTable(error: unknown, table: string): boolean {
  return errorsIn(error).some(
    ({ message }) => message.includes("Failed to resolve table") && message.includes(`'${table}'`),
  );
}

/**
 * Returns the error to show for a failed query. A refusal of the service is explained in one sentence; errors of the sign-in or
 * the network, and our own, are returned unchanged.
 */
export function toQueryError(error: unknown, customerId: string): unknown {
  const { status, code, message } = restAnswer(error);
  if (status === undefined || !(error instanceof Error) || error.name !== "RestError") return error;
  const chain = errorsIn(error);
  const reason = (chain.at(-1)?.message ?? message).trim().replace(/\.$/, "");
  return new WorkspaceQueryError(`The workspace ${customerId} could not be queried: ${reason}.`, {
    code: chain[0]?.code ?? code ?? "Unknown",
    status,
    nextStep: nextStep(status),
    cause: error,
  });
}

/**
 * Returns the error of a response that is none of the service's: the SDK expects a result or an error in it. A proxy or a network's
 * login page can answer in its place.
 */
export function foreignAnswer(
  { status, bodyAsText }: { readonly status: number; readonly bodyAsText?: string | null | undefined },
  customerId: string,
): WorkspaceQueryError | undefined {
  const body = jsonValue(bodyAsText ?? "");
  if (status >= 400) {
    const message = `The workspace ${customerId} could not be queried: it answers with the status ${status}.`;
    const code = "Unknown";
    return member(body, "error") === undefined
      ? new WorkspaceQueryError(message, { code, status, nextStep: nextStep(status) })
      : undefined;
  }
  const message = `The query of the workspace ${customerId} was answered with something other than a result.`;
  return Array.isArray(member(body, "tables"))
    ? undefined
    : new WorkspaceQueryError(message, { code: "Unknown", status, nextStep: "Check the proxy and the endpoint." });
}

function nextStep(status: number): string {
  switch (status) {
    case 401:
      return "Sign in again: `az login`.";
    case 403:
      return "Sign in with an identity that has the role Log Analytics Reader on the workspace.";
    case 404:
      return "Check the workspace's customer id: `pulumi stack output workspaceCustomerId`.";
    case 429:
      return "Wait a minute: Azure allows a user 200 queries in 30 seconds. Or read the archive instead.";
    case 501:
      return "Until then, read the archive instead.";
    default:
      return "Try a shorter time range, or read the archive instead.";
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}
