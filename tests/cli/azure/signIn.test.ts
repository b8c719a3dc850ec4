import assert from "node:assert/strict";
import { AzureFailure } from "../../../cli/azure/failure.ts";
import { signInFailure } from "../../../cli/azure/signIn.ts";

const authority = "https://login.example";

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function chain(...errors: Error[]): Error {
  return Object.assign(named("AggregateAuthenticationError", "ChainedTokenCredential authentication failed."), {
    errors,
  });
}

const noCli = named("CredentialUnavailableError", "Azure CLI could not be found.");
const notLoggedIn = named("CredentialUnavailableError", "Please run 'az login' from a command prompt.");

describe("a sign-in that fails", () => {
  for (const [what, error, message, nextStep] of [
    [
      "nobody is signed in",
      chain(noCli, chain(notLoggedIn)),
      "Not signed in to Azure.",
      "Run `az login`. In CI, use a workload identity, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.",
    ],
    [
      "one way alone has nobody",
      notLoggedIn,
      "Not signed in to Azure.",
      "Run `az login`. In CI, use a workload identity, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.",
    ],
    [
      "Entra refuses a secret",
      named(
        "AuthenticationError",
        "EnvironmentCredential authentication failed. Status code: 400\nMore details:\n" +
          "7000215 - [2026-05-04 10:00:00Z]: AADSTS7000215: Invalid client secret provided. Ensure the secret being sent. Trace ID: 1",
      ),
      "Azure refused the sign-in: AADSTS7000215: Invalid client secret provided.",
      "Check AZURE_TENANT_ID, AZURE_CLIENT_ID and the secret, certificate or token, or run `az login` again.",
    ],
    [
      "Entra refuses what the Azure CLI has kept",
      chain(
        noCli,
        named("CredentialUnavailableError", "ERROR: AADSTS700082: The refresh token has expired\nTrace ID: 1"),
      ),
      "Azure refused the sign-in: AADSTS700082: The refresh token has expired.",
      "Check AZURE_TENANT_ID, AZURE_CLIENT_ID and the secret, certificate or token, or run `az login` again.",
    ],
    [
      "Entra does not answer",
      named("AuthenticationError", "EnvironmentCredential authentication failed.\nMore details:\nnetwork_error: See"),
      "Cannot reach the sign-in service https://login.example.",
      "Check the network and the proxy.",
    ],
    [
      "Entra cannot be reached, or has no such tenant",
      named(
        "AuthenticationError",
        "EnvironmentCredential authentication failed.\nMore details:\nendpoints_resolution_error: See",
      ),
      "The sign-in service https://login.example does not answer, or does not know the tenant.",
      "Check the network, the proxy and AZURE_TENANT_ID.",
    ],
    [
      "a token file is missing",
      chain(noCli, named("AuthenticationRequiredError", "ENOENT: no such file or directory, open '/var/token'")),
      "The sign-in to Azure failed: ENOENT: no such file or directory, open '/var/token'.",
      "Check the credentials in the environment, or run `az login`.",
    ],
    [
      "a managed identity's endpoint is not there, among others",
      chain(
        noCli,
        named("CredentialUnavailableError", "ManagedIdentityCredential: Network unreachable. Message: network_error"),
      ),
      "Not signed in to Azure.",
      "Run `az login`. In CI, use a workload identity, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.",
    ],
    [
      "it is no error",
      "a text",
      "The sign-in to Azure failed: a text.",
      "Check the credentials in the environment, or run `az login`.",
    ],
  ] as const) {
    it(`says in one sentence what to do where ${what}`, () => {
      const failure = signInFailure(error, authority);
      assert.deepEqual([failure.message, failure.nextStep, failure.cause], [message, nextStep, error]);
    });
  }

  it("has GitHub's message if a job gets no token", () => {
    const github = new AzureFailure("GitHub gave this job no OIDC token (HTTP status 403).", "Add the permission.");
    assert.equal(signInFailure(chain(noCli, github), authority), github);
  });
});
