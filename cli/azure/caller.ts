/** Who an identity is, and the one name by which it is shown. */

/** A person or an application. A fact that is not known is null. */
export interface Principal {
  /** User principal name or e-mail of a person. */
  readonly account: string | null;
  /** Display name of an application. */
  readonly name: string | null;
  /** Client id of the application that called: a person's tool, or the application itself. */
  readonly appId: string | null;
  readonly objectId: string | null;
}

/**
 * The name by which tables and messages show a principal: a person's account, an application's name, else its client id,
 * else the object id. Azure's answers name one application by its client id here and by its object id there (JIT requests,
 * activity log), so the ids themselves are for JSON.
 */
export function principalName({ account, name, appId, objectId }: Principal): string | null {
  return account ?? name ?? appId ?? objectId;
}

/**
 * Whether a text such as the requestor of a JIT request names a principal: by account or object id, an application also by
 * its client id. A person's client id is that of a tool, which others use too.
 */
export function isPrincipal(text: string, { account, appId, objectId }: Principal): boolean {
  const same = (fact: string | null): boolean => fact?.toLowerCase() === text.toLowerCase();
  return same(account) || same(objectId) || (account === null && same(appId));
}

/**
 * The name of a principal of which only one text is known, such as the requestor of a JIT request.
 * @param known principals with more facts: who is signed in, callers in the activity log.
 */
export function nameOfPrincipal(text: string, known: readonly Principal[]): string {
  const found = known.find((principal) => isPrincipal(text, principal));
  return (found && principalName(found)) ?? text;
}

/**
 * Whom an access token is for (Entra, "Access token claims reference"). It is read, not verified: Azure does that.
 */
export function principalOf(token: string): Principal {
  const claims = claimsOf(token);
  const first = (...names: string[]): string | null =>
    names.flatMap((name) => (typeof claims[name] === "string" && claims[name] !== "" ? [claims[name]] : []))[0] ?? null;
  return {
    account: first("upn", "unique_name", "preferred_username"),
    name: first("app_displayname"),
    appId: first("appid", "azp"),
    objectId: first("oid"),
  };
}

/** The name of whoever an access token is for; `unknown` where the token cannot be read. */
export function callerOf(token: string): string {
  return principalName(principalOf(token)) ?? "unknown";
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
