/** Anything that went wrong, as one sentence and what to do now. */
import { exitCodes, Interrupted, type ExitCode } from "./errors.ts";
import { write, type Io } from "./io.ts";
import { printable } from "./reporters/style.ts";

/** Says on stderr what went wrong. @returns the exit code. */
export async function present(error: unknown, io: Io, debug: boolean): Promise<ExitCode> {
  if (isInterruption(error, io)) {
    return exitCodes.failure;
  }
  const { message, nextStep } = explain(error);
  await write(io.stderr, `error: ${printable(message)}${nextStep === "" ? "" : ` ${printable(nextStep)}`}\n`);
  if (debug) {
    await write(io.stderr, `${stackOf(error)}\n`);
  }
  return exitCodes.failure;
}

/** The person stopped the command, or closed what it writes to (`| head`): no more is to be said. */
function isInterruption(error: unknown, io: Io): boolean {
  return error instanceof Interrupted || io.signal.aborted || codeOf(error) === "EPIPE";
}

export interface Explanation {
  readonly message: string;
  readonly nextStep: string;
}

/** What it is, as a sentence, and what to do now. */
export function explain(error: unknown): Explanation {
  const known = explainers.map((explainer) => explainer(error)).find((explanation) => explanation !== undefined);
  return known ?? { message: sentence(messageOf(error)), nextStep: "Add --debug to see where it happened." };
}

/**
 * Errors of Azure's clients and of the network, known by their names and codes: importing their classes would load the
 * clients.
 */
const explainers: readonly ((error: unknown) => Explanation | undefined)[] = [
  // What this project throws for people to read: UserError, AzureFailure, ArchiveError, WorkspaceQueryError.
  (error) =>
    error instanceof Error && hasNextStep(error)
      ? { message: sentence(firstLine(error.message)), nextStep: error.nextStep ?? "" }
      : undefined,
  (error) =>
    namesOf(error).some((name) =>
      ["CredentialUnavailableError", "AggregateAuthenticationError", "AuthenticationRequiredError"].includes(name),
    )
      ? {
          message: "Nobody is logged in to Azure here.",
          nextStep: "Run `az login`; in CI, set up a workload identity or AZURE_CLIENT_ID with its secret or token.",
        }
      : undefined,
  (error) =>
    namesOf(error).includes("AuthenticationError")
      ? {
          message: `Azure refuses the login: ${sentence(firstLine(messageOf(error)))}`,
          nextStep: "Check the credentials in the environment, or run `az login` again.",
        }
      : undefined,
  (error) =>
    statusOf(error) === 403
      ? {
          message: `Azure refuses access: ${sentence(firstLine(messageOf(error)))}`,
          nextStep: "Ask for the role that docs/cli.md names for this command; a new one takes some minutes to count.",
        }
      : undefined,
  (error) => {
    const code = [error, causeOf(error)].map(codeOf).find((one) => one !== undefined && one in networkCodes);
    return code === undefined
      ? undefined
      : {
          message: `${networkCodes[code] ?? code}: ${sentence(firstLine(messageOf(causeOf(error) ?? error)))}`,
          nextStep: "Check the name of the account or endpoint, the network and the proxy.",
        };
  },
];

const networkCodes: Readonly<Record<string, string>> = {
  ENOTFOUND: "The host name is not known",
  EAI_AGAIN: "The host name cannot be looked up now",
  ECONNREFUSED: "Nothing answers there",
  ECONNRESET: "The connection was cut",
  ETIMEDOUT: "There is no answer",
  UND_ERR_CONNECT_TIMEOUT: "There is no answer",
  SELF_SIGNED_CERT_IN_CHAIN: "The server's certificate is not trusted",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The server's certificate is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The server's certificate is not trusted",
};

function hasNextStep(error: Error): error is Error & { readonly nextStep: string | undefined } {
  return "nextStep" in error && ["string", "undefined"].includes(typeof error.nextStep);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function namesOf(error: unknown): string[] {
  return [error, causeOf(error)].flatMap((one) => (one instanceof Error ? [one.name] : []));
}

function statusOf(error: unknown): unknown {
  const { statusCode, status } = (error ?? {}) as { statusCode?: unknown; status?: unknown };
  return statusCode ?? status;
}

function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

function stackOf(error: unknown): string {
  const cause = causeOf(error);
  const own = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return cause === undefined ? own : `${own}\ncaused by: ${stackOf(cause)}`;
}

/** Azure's messages go on with ids and headers. */
function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? "";
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
