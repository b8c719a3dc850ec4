import { formatDuration } from "../time.ts";
import { busyCodes, longestAskedMs } from "./retries.ts";

/** A failed call to Azure that the user can do something about. */
export class AzureFailure extends Error {
  override readonly name: string = "AzureFailure";
  /** What to do next, one sentence; missing if only Azure knows. */
  readonly nextStep: string | undefined;

  constructor(message: string, nextStep?: string, options?: ErrorOptions) {
    super(message, options);
    this.nextStep = nextStep;
  }
}

interface ArmRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly requestId?: string | undefined;
  /** The pause that Azure asks for, in milliseconds. */
  readonly pauseMs?: number | undefined;
}

/** A refusal by Azure Resource Manager, with its own message. */
export class ArmError extends AzureFailure {
  override readonly name = "ArmError";
  /** HTTP status. */
  readonly status: number;
  /** Azure's error code, such as `AuthorizationFailed`; `Unknown` if the response has none. */
  readonly code: string;
  /** The id that Microsoft's support asks for. */
  readonly requestId: string | undefined;

  constructor(answer: ArmRefusal) {
    super(answer.message, nextStepOf(answer));
    this.status = answer.status;
    this.code = answer.code;
    this.requestId = answer.requestId;
  }
}

/** Returns whether Azure refused because the caller lacks a permission (HTTP status 403). */
export function isForbidden(error: unknown): error is ArmError {
  return error instanceof ArmError && error.status === 403;
}

/** An action that the caller has no role for. */
export interface DeniedAction {
  /** User principal name, or an application's id; `undefined` if Azure does not state it. */
  readonly caller: string | undefined;
  /** For example `Microsoft.Network/bastionHosts/getActiveSessions/action`. */
  readonly action: string;
  /** ARM id; `undefined` if Azure does not state it. */
  readonly scope: string | undefined;
}

/**
 * Reads Azure's message (Azure RBAC, "Troubleshoot Azure RBAC": `The client '...' with object id '...' does not have authorization
 * to perform action '...' over scope '...' or the scope is invalid. ...`).
 * @returns `undefined` for any other message.
 */
export function deniedAction(message: string): DeniedAction | undefined {
  const action = after("perform action", message);
  return action === undefined
    ? undefined
    : { caller: after("client", message), action, scope: after("over scope", message) };
}

/** Returns the quoted text that follows some words. */
function after(words: string, message: string): string | undefined {
  return new RegExp(`\\b${words} '([^']+)'`, "i").exec(message)?.[1];
}

export function isNotFound(error: unknown): error is ArmError {
  return error instanceof ArmError && error.status === 404;
}

function nextStepOf({ status, code, pauseMs = 0 }: ArmRefusal): string | undefined {
  if (code === "Conflict" || busyCodes.includes(code)) {
    return "Another change may be in progress: try again in a minute.";
  }
  switch (code) {
    case "ScopeLocked":
      return "Remove the lock first.";
    case "InvalidAuthenticationTokenTenant":
      return "Sign in to the tenant of the subscription: `az login --tenant TENANT`.";
    case "SubscriptionNotFound":
      return "Check the id, and sign in to its tenant: `az login --tenant TENANT`.";
  }
  if (status === 401) {
    return "Sign in again: `az login`.";
  }
  if (status === 404) {
    return "Check the subscription and the id: it may have been deleted.";
  }
  if (pauseMs > longestAskedMs) {
    return `Azure asks for a pause: try again in ${formatDuration(pauseMs / 1000)}.`;
  }
  return status === 429 || status >= 500 ? "Azure is overloaded or failing: try again in a few minutes." : undefined;
}
