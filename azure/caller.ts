/**
 * Who an access token is for: a person's account (`upn`), else an application's id, else the object id (Entra, "Access
 * token claims reference"). It is read, not verified: Azure does that.
 */
export function callerOf(token: string): string {
  const claims = claimsOf(token);
  const names = ["upn", "unique_name", "preferred_username", "appid", "azp", "oid"];
  const found = names.map((name) => claims[name]).find((value) => typeof value === "string" && value !== "");
  return typeof found === "string" ? found : "unknown";
}

/** The tenant that an access token is of, a GUID; `undefined` where the token does not say. */
export function tenantOf(token: string): string | undefined {
  const { tid } = claimsOf(token);
  return typeof tid === "string" ? tid : undefined;
}

function claimsOf(token: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {}; // Not every kind of token can be read by its bearer.
  }
}
