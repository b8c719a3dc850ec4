import { restAnswer } from "../../../azure/restError.ts";
import { diskReason, errorCode } from "../../../files/fileErrors.ts";
import { NotPrivateError } from "../../../files/privateFolder.ts";
import { isTemporary, temporaryError } from "../../../files/temporaryFolder.ts";

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

/** Explains a refusal of the blob service; returns any other error unchanged. */
export function toArchiveError(error: unknown, place: { account: string; container: string }): unknown {
  const { status, code = "Unknown" } = restAnswer(error);
  if (error instanceof ArchiveError || status === undefined) {
    return error;
  }
  return new ArchiveError(`The archive ${place.account}/${place.container} could not be read: ${firstLine(error)}.`, {
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
      if (status === 401) return "Sign in again: `az login`.";
      return status === 403
        ? "Sign in with an identity that has the role Storage Blob Data Reader on the account; a new role takes some minutes to count."
        : status === 404
          ? "Check the archive's blob endpoint: `pulumi stack output archive`."
          : "Try again later.";
  }
}

/** Explains an error of the cache folder; returns any other error unchanged. */
export function toCacheError(error: unknown, folder: string): unknown {
  const code = errorCode(error) ?? "";
  if (error instanceof NotPrivateError) {
    return new ArchiveError(error.message, {
      code: "CacheNotPrivate",
      nextStep: "Remove it, or give a folder of your own: --cache DIR.",
      cause: error,
    });
  }
  const reason = diskReason(error);
  const isDisk = reason !== undefined || folderCodes.includes(code) || isDuckDbs(error, folder);
  if (error instanceof ArchiveError || !isDisk) {
    return error;
  }
  const why = reason ?? firstLine(error);
  // With `--no-cache`, another cache would not help.
  if (isTemporary(folder)) return temporaryError(why, error);
  return new ArchiveError(`The cache in ${folder} cannot be written: ${why}.`, {
    code,
    nextStep: "Make room or give another folder: --cache DIR, or none with --no-cache.",
    cause: error,
  });
}

/** Further codes of a folder that cannot be written. */
const folderCodes = ["EEXIST", "EISDIR", "EMFILE"];

/** Returns whether DuckDB could not write into the folder, for lack of space or another reason. */
function isDuckDbs(error: unknown, folder: string): boolean {
  return error instanceof Error && error.message.startsWith("IO Error:") && error.message.includes(folder);
}

/** The first line of an error's message, without its full stop. */
export function firstLine(error: unknown): string {
  const [line = ""] = restAnswer(error).message.split("\n", 1);
  return line.trim().replace(/\.$/, "");
}
