/** Presents any error as one sentence and a next step, and several problems below each other. */
import { ArmError, deniedAction, isForbidden } from "./azure/failure.ts";
import { exitCodes, Interrupted, UserError, UserErrors, type ExitCode } from "./errors.ts";
import { diskReason, errorCode } from "./files/fileErrors.ts";
import { write, type Io } from "./io.ts";
import { readRole, roleFilePath, roleWith, type RoleFileName } from "./roleFiles.ts";
import { visible } from "@bastion-trail/core/rules/visible";

/**
 * Prints an error to stderr.
 * @param role the role that the command needs, named if Azure refuses a call.
 * @returns the exit code.
 */
export async function present(error: unknown, io: Io, debug: boolean, role?: RoleFileName): Promise<ExitCode> {
  if (isInterruption(error, io)) {
    return exitCodes.failure;
  }
  for (const problem of error instanceof UserErrors ? error.problems : [error]) {
    const { message, nextStep } = explain(problem, role);
    await write(io.stderr, `error: ${visible(message)}${nextStep === "" ? "" : ` ${visible(nextStep)}`}\n`);
    const details = problem instanceof UserError ? problem.details : [];
    await write(io.stderr, details.map((one) => `  - ${visible(one)}\n`).join(""));
  }
  if (debug) {
    await write(io.stderr, `${stackOf(error)}\n`);
  }
  return exitCodes.failure;
}

/**
 * The user stopped the command, or the output was closed. `main.ts` reports a closed stdout where its error event
 * arrives.
 */
function isInterruption(error: unknown, io: Io): boolean {
  return error instanceof Interrupted || io.signal.aborted || errorCode(error) === "EPIPE";
}

export interface Explanation {
  readonly message: string;
  readonly nextStep: string;
}

/**
 * Returns the error as a sentence, and what to do now.
 * @param role the role that the command needs, used if Azure's refusal does not name the missing permission.
 */
export function explain(error: unknown, role?: RoleFileName): Explanation {
  return (
    refused(error, role) ??
    ours(error) ??
    network(error) ??
    disk(error) ?? { message: sentence(messageOf(error)), nextStep: "Add --debug to see where it happened." }
  );
}

/** Error codes that a role assignment can fix. A refusal by a policy has the status 403 too. */
const roleCodes = ["AuthorizationFailed", "LinkedAuthorizationFailed", "Unknown"];

/** Explains a refusal by Azure Resource Manager: the missing role, and the path of its file. */
function refused(error: unknown, role: RoleFileName | undefined): Explanation | undefined {
  if (!isForbidden(error) || !roleCodes.includes(error.code)) {
    return undefined;
  }
  const denied = deniedAction(error.message);
  const name = (denied && roleWith(denied.action)) ?? role;
  const isWhole = denied?.caller !== undefined && denied.scope !== undefined;
  const message = isWhole
    ? `Access denied: ${denied.caller} needs ${denied.action} on ${denied.scope}.`
    : sentence(firstLine(error.message));
  const wanted = name === undefined ? "Reader" : `${readRole(name).Name} (${roleFilePath(name)})`;
  return { message, nextStep: `Ask for the role ${wanted}; a new role takes a few minutes to apply.` };
}

/** This project's errors with a next step: UserError, AzureFailure, ArchiveError, WorkspaceQueryError. */
function ours(error: unknown): Explanation | undefined {
  return error instanceof Error && hasNextStep(error)
    ? { message: sentence(firstLine(error.message)), nextStep: error.nextStep ?? "" }
    : undefined;
}

/** Network errors, recognised by their codes: importing the error classes of Azure's clients would load the clients. */
function network(error: unknown): Explanation | undefined {
  const code = [error, causeOf(error)].map(errorCode).find((one) => one !== undefined && one in networkCodes);
  return code === undefined
    ? undefined
    : {
        message: `${networkCodes[code] ?? code}: ${sentence(firstLine(messageOf(causeOf(error) ?? error)))}`,
        nextStep: "Check the name of the account or endpoint, the network and the proxy.",
      };
}

const networkCodes: Readonly<Record<string, string>> = {
  ENOTFOUND: "Host not found",
  EAI_AGAIN: "Host lookup failed",
  ECONNREFUSED: "Connection refused",
  ECONNRESET: "Connection lost",
  ETIMEDOUT: "No answer in time",
  UND_ERR_CONNECT_TIMEOUT: "No answer in time",
  SELF_SIGNED_CERT_IN_CHAIN: "The server's certificate is not trusted",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The server's certificate is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The server's certificate is not trusted",
};

/** Errors of the file system that name a file. */
function disk(error: unknown): Explanation | undefined {
  const reason = diskReason(error);
  const { path } = (error ?? {}) as { path?: unknown };
  return reason === undefined || typeof path !== "string"
    ? undefined
    : {
        message: `${reason.replace(/^./, (first) => first.toUpperCase())}: ${path}.`,
        nextStep:
          "The CLI's own files can be in other folders: set BASTION_TRAIL_CACHE, BASTION_TRAIL_STATE or TMPDIR, or pass --cache DIR.",
      };
}

function hasNextStep(error: Error): error is Error & { readonly nextStep: string | undefined } {
  return "nextStep" in error && ["string", "undefined"].includes(typeof error.nextStep);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

function stackOf(error: unknown): string {
  const cause = causeOf(error);
  const own = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const answer = error instanceof ArmError ? `\n${answerOf(error)}` : "";
  return `${own}${answer}${cause === undefined ? "" : `\ncaused by: ${stackOf(cause)}`}`;
}

/** The details that Microsoft's support asks for. */
function answerOf({ status, code, requestId = "unknown" }: ArmError): string {
  return `Azure's answer: status ${status}, code ${code}, request id ${requestId}`;
}

/** The first line of a message. Azure's messages continue with ids and headers. */
function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? "";
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
