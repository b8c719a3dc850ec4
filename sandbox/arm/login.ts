import type { SandboxIdentity } from "../identity.ts";
import { ArmError } from "./armError.ts";
import { authenticateFederated } from "./federatedLogin.ts";
import type { HttpAnswer, HttpRequest } from "./http.ts";
import { instanceMetadata, openIdConfiguration } from "./loginDiscovery.ts";
import { LoginError, loginErrorBody, unknownClient } from "./loginError.ts";
import type { ResourceReader } from "./resource.ts";
import { sameSecret } from "./sameSecret.ts";
import { audienceOfResource, audienceOfScope } from "./tokenAudience.ts";
import type { Principal, Tokens } from "./tokens.ts";

/** `adfs` is the tenant if the login endpoint has the form of AD FS, as in disconnected Azure Stack clouds. */
const tenantAliases = ["adfs", "common", "organizations"];

/** Parts that the login endpoint needs. */
export interface LoginParts {
  readonly endpoint: string;
  readonly identity: SandboxIdentity;
  readonly tokens: Tokens;
  /** Contains the user-assigned identities and their trusts. */
  readonly store: ResourceReader;
}

/**
 * The login endpoint: discovery documents, signing keys, and tokens for the sandbox's application (`client_credentials`
 * with a secret) and for user-assigned identities (with a federated token), under the paths of Entra 1.0, Entra 2.0 and
 * AD FS.
 * @returns undefined if the path does not belong to the login endpoint.
 */
export async function answerLogin(request: HttpRequest, parts: LoginParts): Promise<HttpAnswer | undefined> {
  const { endpoint, identity, tokens } = parts;
  const path = request.path.toLowerCase();
  if (path === "/common/discovery/instance") return { status: 200, body: instanceMetadata(endpoint, identity) };
  const isAdfs = path.startsWith("/adfs/");
  const [, tenant = "", rest = ""] =
    /^\/(?:adfs\/(?!oauth2\/|discovery\/|v2\.0\/|\.well-known\/))?([^/]+)\/(.+)$/.exec(path) ?? [];
  switch (rest) {
    case ".well-known/openid-configuration":
    case "v2.0/.well-known/openid-configuration":
      return inTenant(tenant, identity, () => ({
        status: 200,
        body: openIdConfiguration(tenant, rest.startsWith("v2"), endpoint, identity),
      }));
    case "discovery/keys":
    case "discovery/v2.0/keys":
      return { status: 200, body: tokens.keys() };
    case "oauth2/token":
    case "oauth2/v2.0/token":
      if (request.method !== "POST")
        throw new ArmError(405, "HttpMethodNotSupported", "A token is asked for with POST.");
      return inTenant(tenant, identity, () => token(request, { isAdfs, isVersion2: rest.includes("v2.0") }, parts));
    default:
      return undefined;
  }
}

async function inTenant(
  tenant: string,
  identity: SandboxIdentity,
  answer: () => HttpAnswer | Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  try {
    if (tenant !== identity.tenantId.toLowerCase() && !tenantAliases.includes(tenant)) {
      throw new LoginError(
        400,
        "invalid_request",
        90002,
        `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
      );
    }
    return await answer();
  } catch (error) {
    if (!(error instanceof LoginError)) throw error;
    return { status: error.status, body: loginErrorBody(error) };
  }
}

async function token(
  request: HttpRequest,
  { isAdfs, isVersion2 }: { isAdfs: boolean; isVersion2: boolean },
  parts: LoginParts,
): Promise<HttpAnswer> {
  const form = new URLSearchParams(request.text);
  const grant = form.get("grant_type");
  if (grant !== "client_credentials") {
    throw new LoginError(
      400,
      "unsupported_grant_type",
      70003,
      `The app requested an unsupported grant type '${grant ?? ""}'.`,
    );
  }
  const assertion = form.get("client_assertion");
  const principal =
    assertion === null
      ? authenticateClient(form, request.headers.authorization, parts.identity)
      : await authenticateFederated(form, assertion, parts);
  const audience = isVersion2
    ? audienceOfScope(form.get("scope"), form.get("resource"))
    : audienceOfResource(form.get("resource"), form.get("scope"));
  const { token: accessToken, expiresOn, lifetime } = await parts.tokens.issue(principal, audience);
  const answer = { token_type: "Bearer", expires_in: lifetime, ext_expires_in: lifetime, access_token: accessToken };
  if (isVersion2) return { status: 200, body: answer };
  // AD FS also names the resource, and returns numbers as numbers: the Azure CLI adds `expires_in` to the current time.
  if (isAdfs) return { status: 200, body: { ...answer, resource: audience } };
  // Entra's version 1.0 returns numbers as strings, and names the resource.
  return {
    status: 200,
    body: {
      ...answer,
      expires_in: String(lifetime),
      ext_expires_in: String(lifetime),
      expires_on: String(expiresOn),
      not_before: String(expiresOn - lifetime - 300),
      resource: audience,
    },
  };
}

function authenticateClient(
  form: URLSearchParams,
  authorization: string | undefined,
  identity: SandboxIdentity,
): Principal {
  const [, basic = ""] = /^Basic (.+)$/i.exec(authorization ?? "") ?? [];
  const [basicId, basicSecret] = Buffer.from(basic, "base64").toString("utf8").split(":", 2).map(decodeURIComponent);
  const clientId = form.get("client_id") ?? basicId ?? "";
  const secret = form.get("client_secret") ?? basicSecret;
  if (clientId === "") {
    throw new LoginError(
      400,
      "invalid_request",
      900144,
      "The request body must contain the following parameter: 'client_id'.",
    );
  }
  if (clientId.toLowerCase() !== identity.clientId.toLowerCase()) throw unknownClient(clientId, identity);
  if (secret === undefined || secret === "") {
    throw new LoginError(
      401,
      "invalid_client",
      7000216,
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    );
  }
  if (!sameSecret(secret, identity.clientSecret)) {
    throw new LoginError(
      401,
      "invalid_client",
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${identity.clientId}'.`,
    );
  }
  return { kind: "application" };
}
