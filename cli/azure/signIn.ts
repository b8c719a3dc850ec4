/** Explains a failed sign-in in one sentence: `@azure/identity` lists every method it tried. */
import { AzureFailure } from "./failure.ts";

/**
 * @param error what a credential of `@azure/identity` threw. Its classes are recognized by name, because importing them would
 * load the library.
 * @param authority URL of the authority that issues tokens.
 */
export function signInFailure(error: unknown, authority: string): AzureFailure {
  const errors = flat(error);
  const own = errors.find((one) => one instanceof AzureFailure);
  if (own !== undefined) {
    return own;
  }
  const refusal = errors.map(entraRefusal).find((text) => text !== undefined);
  if (refusal !== undefined) {
    return new AzureFailure(
      `Azure refused the sign-in: ${refusal}`,
      "Check AZURE_TENANT_ID, AZURE_CLIENT_ID and the secret, certificate or token, or run `az login` again.",
      { cause: error },
    );
  }
  const failure = errors.find(({ name }) => name !== "CredentialUnavailableError");
  if (failure === undefined) {
    return new AzureFailure(
      "Not signed in to Azure.",
      "Run `az login`. In CI, use a workload identity, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.",
      { cause: error },
    );
  }
  if (/\bnetwork_error\b/.test(failure.message)) {
    return new AzureFailure(`Cannot reach the sign-in service ${authority}.`, "Check the network and the proxy.", {
      cause: error,
    });
  }
  // The library gives the same error if the service does not answer and if it has no such tenant.
  if (/\bendpoints_resolution_error\b/.test(failure.message)) {
    return new AzureFailure(
      `The sign-in service ${authority} does not answer, or does not know the tenant.`,
      "Check the network, the proxy and AZURE_TENANT_ID.",
      { cause: error },
    );
  }
  return new AzureFailure(
    `The sign-in to Azure failed: ${firstLine(failure.message)}`,
    "Check the credentials in the environment, or run `az login`.",
    { cause: error },
  );
}

/** A chain of credentials has the errors of its members, which may be chains too. */
function flat(error: unknown): Error[] {
  if (!(error instanceof Error)) {
    return [new Error(String(error))];
  }
  return "errors" in error && Array.isArray(error.errors) ? error.errors.flatMap(flat) : [error];
}

/** Returns Entra's own message, without the trace ids: `AADSTS7000215: Invalid client secret provided.` */
function entraRefusal({ message }: Error): string | undefined {
  const [text] = /AADSTS\d+: [^\r\n]*?(?=\.(?:\s|$)|[\r\n]|$)/.exec(message) ?? [];
  return text === undefined ? undefined : `${text}.`;
}

function firstLine(text: string): string {
  const [line = ""] = text.trim().split(/\r?\n/, 1);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
