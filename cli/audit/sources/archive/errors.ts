import { NotPrivateError } from "../../privateFolder.ts";

/** An archive that cannot be read: the reason in one plain sentence, and what to do about it. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
  /** Azure's error code, e.g. `AuthorizationPermissionMismatch`, or the operating system's. */
  readonly code: string;
  /** HTTP status, if there was a response. */
  readonly status: number | undefined;
  readonly nextStep: string;

  constructor(
    message: string,
    details: { code: string; status?: number | undefined; nextStep: string; cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.code = details.code;
    this.status = details.status;
    this.nextStep = details.nextStep;
  }
}

/** The parts of a blob service response that are used (core-rest-pipeline's RestError). */
interface Answered {
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
  /** `Retry-After`: seconds, or an HTTP date. */
  readonly retryAfter: string | undefined;
}

export function readAnswer(error: unknown): Answered {
  const status = member(error, "statusCode");
  const code = member(error, "code");
  const headers = member(member(error, "response"), "headers");
  const retryAfter: unknown =
    typeof headers === "object" && headers !== null && "get" in headers && typeof headers.get === "function"
      ? Reflect.apply(headers.get, headers, ["retry-after"])
      : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return {
    status: typeof status === "number" ? status : undefined,
    code: typeof code === "string" ? code : "Unknown",
    message: message.split("\n", 1)[0]?.trim().replace(/\.$/, "") ?? "",
    retryAfter: typeof retryAfter === "string" ? retryAfter : undefined,
  };
}

/** Explains a refusal of the blob service; returns any other error unchanged. */
export function toArchiveError(error: unknown, place: { account: string; container: string }): unknown {
  const { status, code, message } = readAnswer(error);
  if (error instanceof ArchiveError || status === undefined) {
    return error;
  }
  return new ArchiveError(`The archive ${place.account}/${place.container} could not be read: ${message}.`, {
    code,
    status,
    nextStep: nextStep(status, code),
    cause: error,
  });
}

function nextStep(status: number, code: string): string {
  switch (code) {
    case "AuthorizationFailure":
      return "The account's firewall keeps this address out, or the identity lacks the role Storage Blob Data Reader.";
    case "KeyBasedAuthenticationNotPermitted":
      return "This account takes no key and no SAS made with one: sign in with `az login` instead.";
    default:
      return status === 401 || status === 403
        ? "Sign in with an identity that has the role Storage Blob Data Reader on the account; a new role takes some minutes to count."
        : status === 404
          ? "Check the archive's blob endpoint: `pulumi stack output archive`."
          : "Try again later.";
  }
}

/** Explains an error of the cache folder; returns any other error unchanged. */
export function toCacheError(error: unknown, folder: string): unknown {
  const { code } = readAnswer(error);
  if (error instanceof NotPrivateError) {
    return new ArchiveError(error.message, {
      code: "CacheNotPrivate",
      nextStep: "Remove it, or give a folder of your own: --cache DIR.",
      cause: error,
    });
  }
  if (error instanceof ArchiveError || !diskCodes.has(code)) {
    return error;
  }
  return new ArchiveError(`The cache in ${folder} cannot be written: ${readAnswer(error).message}.`, {
    code,
    nextStep: "Make room or give another folder: --cache DIR, or none with --no-cache.",
    cause: error,
  });
}

const diskCodes = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOSPC",
  "EDQUOT",
  "ENOTDIR",
  "EEXIST",
  "EISDIR",
  "EMFILE",
  "ENAMETOOLONG",
]);

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}
