interface ErrorOptions {
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error with Azure's status, code and message. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: string, message: string, options: ErrorOptions = {}) {
    super(message);
    this.name = "ArmError";
    this.status = status;
    this.code = code;
    this.target = options.target;
    this.headers = options.headers ?? {};
  }
}

/** A request that Azure does not accept: 400. */
export function badRequest(code: string, message: string, options?: ErrorOptions): ArmError {
  return new ArmError(400, code, message, options);
}

/** A request that what is there does not allow: 409. */
export function conflict(code: string, message: string, options?: ErrorOptions): ArmError {
  return new ArmError(409, code, message, options);
}

/** Refuses a request with the code that Azure gives where it has no other. */
export function refuse(message: string): never {
  throw badRequest("BadRequest", message);
}
