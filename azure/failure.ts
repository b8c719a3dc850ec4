/** What stops a call to Azure and a person can do something about. */
export class AzureFailure extends Error {
  override readonly name: string = "AzureFailure";
  /** What to do now, a sentence; absent where only Azure knows. */
  readonly nextStep: string | undefined;

  constructor(message: string, nextStep?: string, options?: ErrorOptions) {
    super(message, options);
    this.nextStep = nextStep;
  }
}

/** What Azure Resource Manager refused, in its own words. */
export class ArmError extends AzureFailure {
  override readonly name = "ArmError";
  /** HTTP status. */
  readonly status: number;
  /** Azure's error code, such as `AuthorizationFailed`; `Unknown` where the answer has none. */
  readonly code: string;
  /** What Microsoft's support asks for. */
  readonly requestId: string | undefined;

  constructor(answer: { status: number; code: string; message: string; requestId?: string | undefined }) {
    super(answer.message, nextStepOf(answer));
    this.status = answer.status;
    this.code = answer.code;
    this.requestId = answer.requestId;
  }
}

/** Whether Azure knows the thing and the caller may not do it. */
export function isForbidden(error: unknown): error is ArmError {
  return error instanceof ArmError && error.status === 403;
}

export function isNotFound(error: unknown): error is ArmError {
  return error instanceof ArmError && error.status === 404;
}

function nextStepOf({ status, code }: { status: number; code: string }): string | undefined {
  if (code === "ScopeLocked") {
    return "Remove the lock first.";
  }
  if (status === 401) {
    return "Sign in again: az login.";
  }
  if (status === 403) {
    return "Ask for a role with the permission that Azure names.";
  }
  if (status === 404) {
    return "Check the subscription and the id; it may have been deleted.";
  }
  return status === 429 || status >= 500 ? "Azure is busy or unwell: try again in a few minutes." : undefined;
}
