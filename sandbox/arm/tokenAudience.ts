/** The audience of a requested token, from the `scope` of Entra 2.0 or the `resource` of Entra 1.0 and AD FS. */
import { LoginError } from "./loginError.ts";

export function audienceOfScope(scope: string | null, resource: string | null): string {
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

export function audienceOfResource(resource: string | null, scope: string | null): string {
  if (resource !== null && resource !== "") return resource;
  if (scope !== null && scope !== "") return audienceOfScope(scope, null);
  throw new LoginError(
    400,
    "invalid_request",
    900144,
    "The request body must contain the following parameter: 'resource' or 'scope'.",
  );
}
