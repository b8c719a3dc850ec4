import { randomUUID, timingSafeEqual } from "node:crypto";
import type { SandboxIdentity } from "../identity.ts";
import type { HttpAnswer, HttpRequest } from "./http.ts";
import { objectAt, textAt, textsAt } from "./bodies.ts";
import { ArmError } from "./armError.ts";
import { sameId } from "./ids.ts";
import type { JsonObject } from "./json.ts";
import type { ResourceReader } from "./resource.ts";
import type { Principal, Tokens } from "./tokens.ts";
import { issuerOf } from "./tokens.ts";

/** An error of the token endpoint, in Entra's form (RFC 6749 section 5.2, with AADSTS codes). */
class LoginError extends Error {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  constructor(status: number, error: string, code: number, message: string) {
    super(message);
    this.status = status;
    this.error = error;
    this.code = code;
  }
}

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
  const given = Buffer.from(secret);
  const right = Buffer.from(identity.clientSecret);
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new LoginError(
      401,
      "invalid_client",
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${identity.clientId}'.`,
    );
  }
  return { kind: "application" };
}

function unknownClient(clientId: string, identity: SandboxIdentity): LoginError {
  return new LoginError(
    400,
    "unauthorized_client",
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${identity.tenantId}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  );
}

const bearerAssertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Returns the identity that trusts the signer of a federated token (entra-docs, workload-identity-federation.md;
 * messages: Azure/login #379, reference-error-codes.md).
 */
async function authenticateFederated(
  form: URLSearchParams,
  assertion: string,
  { identity, tokens, store }: LoginParts,
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

function audienceOfScope(scope: string | null, resource: string | null): string {
  // AD FS clients send `resource` to the version 2.0 path.
  const scopes = (scope ?? "")
    .split(/\s+/)
    .filter((one) => one !== "" && !["openid", "profile", "offline_access"].includes(one));
  const [only] = scopes;
  if (only === undefined) return audienceOfResource(resource, null);
  if (scopes.length > 1 || !only.endsWith("/.default")) {
    throw new LoginError(
      400,
      "invalid_scope",
      1002012,
      `The provided value for scope ${scope ?? ""} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  return only.slice(0, -"/.default".length);
}

function audienceOfResource(resource: string | null, scope: string | null): string {
  if (resource !== null && resource !== "") return resource;
  if (scope !== null && scope !== "") return audienceOfScope(scope, null);
  throw new LoginError(
    400,
    "invalid_request",
    900144,
    "The request body must contain the following parameter: 'resource' or 'scope'.",
  );
}

function loginErrorBody(error: LoginError): JsonObject {
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = new Date()
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "Z");
  return {
    error: error.error,
    error_description: `AADSTS${error.code}: ${error.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [error.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
  };
}

function openIdConfiguration(
  tenant: string,
  version2: boolean,
  endpoint: string,
  identity: SandboxIdentity,
): JsonObject {
  const authority = `${endpoint}/${tenant === "adfs" ? "adfs" : identity.tenantId}`;
  const oauth = version2 ? `${authority}/oauth2/v2.0` : `${authority}/oauth2`;
  return {
    issuer: tenant === "adfs" ? authority : version2 ? `${authority}/v2.0` : issuerOf(identity.tenantId),
    authorization_endpoint: `${oauth}/authorize`,
    token_endpoint: `${oauth}/token`,
    device_authorization_endpoint: `${oauth}/devicecode`,
    jwks_uri: `${authority}/discovery/${version2 ? "v2.0/" : ""}keys`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    response_types_supported: ["code", "id_token", "token"],
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid", "profile", "offline_access"],
    tenant_region_scope: null,
    cloud_instance_name: new URL(endpoint).host,
  };
}

function instanceMetadata(endpoint: string, identity: SandboxIdentity): JsonObject {
  const host = new URL(endpoint).host;
  return {
    tenant_discovery_endpoint: `${endpoint}/${identity.tenantId}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
