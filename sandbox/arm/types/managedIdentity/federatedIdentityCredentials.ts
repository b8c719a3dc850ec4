import { textAt, textsAt } from "../../json.ts";
import { badRequest, conflict, refuse } from "../../armError.ts";
import { sameId, ownerIdOf } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import { resourceType } from "../../resourceType.ts";

const federatedCredentialType = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials";

/** workload-identity-federation-considerations.md, "General federated identity credential considerations" */
const maxCredentials = 20;
const longest = 600;

/**
 * The trusts of an identity (entra-docs, workload-identity-federation-considerations.md). Codes and messages are from
 * users' reports, cited beside them.
 */
export default resourceType({
  type: federatedCredentialType,
  model: "msi:FederatedIdentityCredential",
  sdk: "managedidentity.FederatedIdentityCredential",
  scope: "child",
  name: {
    // The pattern of `federatedIdentityCredentialResourceName` in the specification.
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/,
    code: "InvalidResourceName",
    message: (name) =>
      `The resource name '${name}' is invalid. It must be between 3 and 120 characters long, begin with a letter or digit and hold letters, digits, '-' and '_' alone.`,
  },
  location: "none",
  put: "sync",
  delete: "sync",
  writesAlone: (id) =>
    conflict(
      "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
      `Too many Federated Identity Credentials are written concurrently for the managed identity '${ownerIdOf(id)}'. Concurrent Federated Identity Credentials writes under the same managed identity are not supported.`,
    ),
  check,
});

function check({ id, body, store, existing }: PutContext): void {
  const [issuer, subject] = [textAt(body, "properties.issuer") ?? "", textAt(body, "properties.subject") ?? ""];
  const audiences = textsAt(body, "properties.audiences");
  if (issuer === "" || subject === "") {
    // istio-aks-example #6
    refuse(
      "The request format was unexpected. Federated Identity Credential must specify 'issuer', 'subject' and 'audience'.",
    );
  }
  if (audiences.length !== 1) {
    throw badRequest(
      "InvalidFederatedIdentityCredentialsAudienceLength",
      "Federated identity credentials must have exactly 1 audience.",
    );
  }
  const long = Object.entries({ issuer, subject, audience: audiences[0] ?? "" }).find(
    ([, text]) => text.length > longest,
  );
  if (long !== undefined) refuse(`The ${long[0]} is longer than ${longest} characters.`);
  if (!/^https:\/\/[^/\s]/.test(issuer)) refuse(`The issuer '${issuer}' is not an https URL.`);
  const others = store.childrenOf(ownerIdOf(id), federatedCredentialType).filter((other) => !sameId(other.id, id));
  const twin = others.find(
    (other) =>
      textAt(other.body, "properties.issuer") === issuer && textAt(other.body, "properties.subject") === subject,
  );
  if (twin !== undefined) {
    // azure-workload-identity #434, of an application
    throw conflict(
      "InvalidFederatedIdentityCredentialValue",
      `The combination of issuer and subject must be unique for the application. Issuer ${issuer} and Subject: ${subject} already exist.`,
    );
  }
  if (existing === undefined && others.length >= maxCredentials) {
    refuse(`A managed identity can have at most ${maxCredentials} federated identity credentials.`);
  }
}
