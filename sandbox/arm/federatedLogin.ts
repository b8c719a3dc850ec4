import type { SandboxIdentity } from "../identity.ts";
import { objectAt, textAt, textsAt } from "./json.ts";
import { sameId } from "./ids.ts";
import { LoginError, unknownClient } from "./loginError.ts";
import type { ResourceReader } from "./resource.ts";
import type { Principal, Tokens } from "./tokens.ts";

/** What a federated login is judged by. */
interface FederatedLoginParts {
  readonly identity: SandboxIdentity;
  readonly tokens: Tokens;
  /** Contains the user-assigned identities and their trusts. */
  readonly store: ResourceReader;
}

const bearerAssertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Returns the identity that trusts the signer of a federated token (entra-docs, workload-identity-federation.md;
 * messages: Azure/login #379, reference-error-codes.md).
 */
export async function authenticateFederated(
  form: URLSearchParams,
  assertion: string,
  { identity, tokens, store }: FederatedLoginParts,
): Promise<Principal> {
  const clientId = form.get("client_id") ?? "";
  const type = form.get("client_assertion_type");
  if (type !== bearerAssertion) {
    throw new LoginError(
      400,
      "invalid_request",
      900144,
      "The request body must contain the following parameter: 'client_assertion_type'.",
    );
  }
  const signsIn = store
    .ofType("Microsoft.ManagedIdentity/userAssignedIdentities")
    .find(({ body }) => sameId(textAt(body, "properties.clientId") ?? "", clientId));
  if (signsIn === undefined) throw unknownClient(clientId, identity);
  const claims = await tokens.readFederated(assertion);
  if (claims === undefined) {
    throw new LoginError(
      401,
      "invalid_client",
      700027,
      "Client assertion failed signature validation, or the token has expired.",
    );
  }
  const trusted = store.childrenOf(signsIn.id).map(({ body }) => objectAt(body, "properties"));
  const ofIssuer = trusted.filter(({ issuer }) => issuer === claims.issuer);
  const ofSubject = ofIssuer.filter(({ subject }) => subject === claims.subject);
  const ofAudience = ofSubject.filter((one) => textsAt(one, "audiences").includes(claims.audience));
  const advice =
    "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
  const none = (code: number, part: string, value: string): LoginError =>
    new LoginError(
      401,
      "invalid_client",
      code,
      `No matching federated identity record found for presented assertion ${part} '${value}'. ${advice}`,
    );
  if (ofIssuer.length === 0) throw none(700211, "issuer", claims.issuer);
  if (ofSubject.length === 0) throw none(700213, "subject", claims.subject);
  if (ofAudience.length === 0) throw none(700212, "audience", claims.audience);
  return { kind: "identity", clientId, objectId: textAt(signsIn.body, "properties.principalId") ?? "" };
}
