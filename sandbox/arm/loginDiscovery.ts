/** The documents by which clients find the login endpoint's paths and keys. */
import type { SandboxIdentity } from "../identity.ts";
import type { JsonObject } from "./json.ts";
import { issuerOf } from "./tokens.ts";

export function openIdConfiguration(
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

export function instanceMetadata(endpoint: string, identity: SandboxIdentity): JsonObject {
  const host = new URL(endpoint).host;
  return {
    tenant_discovery_endpoint: `${endpoint}/${identity.tenantId}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
