/** Identities, and the one name under which each is shown. */
import { jsonValue } from "../jsonValue.ts";
import { isSameIgnoringCase } from "../names/ignoringCase.ts";

/** A user or an application. An unknown fact is null. */
export interface Principal {
  /** User principal name or e-mail address of a user. */
  readonly account: string | null;
  /** Display name of an application. */
  readonly name: string | null;
  /** Client id of the calling application: a user's tool, or the application itself. */
  readonly appId: string | null;
  readonly objectId: string | null;
}

/**
 * Returns the name of a principal in tables and messages: a user's account, an application's name, else its client id, else the
 * object id. Azure identifies the same application by its client id in some responses and by its object id in others (JIT
 * requests, activity log), so the ids themselves are only for JSON.
 */
export function principalName({ account, name, appId, objectId }: Principal): string | null {
  return account ?? name ?? appId ?? objectId;
}

/**
 * Returns whether a text, such as the requestor of a JIT request, names a principal: by account or object id, or an application
 * by its client id. A user's client id is that of a tool, which others use too.
 */
export function isPrincipal(text: string, { account, appId, objectId }: Principal): boolean {
  const same = (fact: string | null): boolean => isSameIgnoringCase(fact, text);
  return same(account) || same(objectId) || (account === null && same(appId));
}

/**
 * Returns the name of a principal of which only one text is known, such as the requestor of a JIT request.
 * @param known principals with more facts: the signed-in user, callers in the activity log.
 */
export function nameOfPrincipal(text: string, known: readonly Principal[]): string {
  const found = known.find((principal) => isPrincipal(text, principal));
  return (found && principalName(found)) ?? text;
}

/**
 * Returns the principal of an access token (Entra, "Access token claims reference"). The token is not verified: Azure does
 * that.
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

/** Returns the name of an access token's principal; `unknown` if the token cannot be read. */
export function callerOf(token: string): string {
  return principalName(principalOf(token)) ?? "unknown";
}

/** Returns the tenant of an access token, a GUID; `undefined` if the token does not have it. */
export function tenantOf(token: string): string | undefined {
  const { tid } = claimsOf(token);
  return typeof tid === "string" ? tid : undefined;
}

function claimsOf(token: string): Record<string, unknown> {
  // Not every kind of token can be read by its holder.
  const claims = jsonValue(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : {};
}
