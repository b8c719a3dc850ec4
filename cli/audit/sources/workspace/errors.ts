/** Why a workspace could not be read, in one plain sentence, and what to do about it. */
export class WorkspaceQueryError extends Error {
  /** Azure's error code, e.g. `InsufficientAccessError`; `PartialError` where Azure answers only a part. */
  readonly code: string;
  /** HTTP status, where there was an answer. */
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

/** What the SDK throws, as far as it is looked at (core-rest-pipeline's RestError; the answer's body is in `details`). */
interface Answered {
  readonly message: string;
  readonly code: string | undefined;
  readonly status: number | undefined;
  /** Seconds, or an HTTP date. */
  readonly retryAfter: string | undefined;
  /** Codes and messages from the outermost error to the innermost. */
  readonly chain: readonly { readonly code: string; readonly message: string }[];
}

/** An error of the SDK taken apart; anything else has a message only. */
export function readError(error: unknown): Answered {
  const details = member(error, "details");
  const headers = member(member(error, "response"), "headers");
  const retryAfter: unknown =
    typeof headers === "object" && headers !== null && "get" in headers && typeof headers.get === "function"
      ? Reflect.apply(headers.get, headers, ["retry-after"])
      : undefined;
  const status = member(error, "statusCode");
  const code = member(error, "code");
  return {
    message: error instanceof Error ? error.message : String(error),
    code: typeof code === "string" ? code : undefined,
    status: typeof status === "number" ? status : undefined,
    retryAfter: typeof retryAfter === "string" ? retryAfter : undefined,
    chain: chainOf(member(details, "error")),
  };
}

/** An error of the API and all that it has inside: `innererror`, and the `details` of a partial result. */
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

/** Whether the query failed because the workspace has no such table (yet): Azure makes a table with its first row. */
export function saysNoTable(error: unknown, table: string): boolean {
  return readError(error).chain.some(
    ({ message }) => message.includes("Failed to resolve table") && message.includes(`'${table}'`),
  );
}

/**
 * The error to show for what a query threw: the service's refusal in one sentence. What comes from the sign-in or the
 * network, or is one of ours already, says itself what it is.
 */
export function toQueryError(error: unknown, customerId: string): unknown {
  const { status, code, message, chain } = readError(error);
  if (status === undefined || !(error instanceof Error) || error.name !== "RestError") return error;
  const reason = (chain.at(-1)?.message ?? message).trim().replace(/\.$/, "");
  return new WorkspaceQueryError(`The workspace ${customerId} could not be queried: ${reason}.`, {
    code: chain[0]?.code ?? code ?? "Unknown",
    status,
    nextStep: nextStep(status),
    cause: error,
  });
}

function nextStep(status: number): string {
  switch (status) {
    case 401:
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
