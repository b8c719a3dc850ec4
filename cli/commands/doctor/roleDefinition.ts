import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { readRole, roleFileNames } from "../../roleFiles.ts";

/**
 * Returns the argument of `az role definition create` for one of this project's roles, quoted for the shell.
 * @param scope ARM id at which the role will be assigned.
 * @returns an empty text for a built-in role, which already exists.
 */
export function roleDefinitionOf(roleName: string, scope: string): string {
  const definition = roleFileNames.map(readRole).find(({ Name }) => Name === roleName);
  if (definition === undefined) return "";
  const json = JSON.stringify({ ...definition, AssignableScopes: [`/subscriptions/${subscriptionOf(scope) ?? ""}`] });
  return `'${json.replaceAll("'", String.raw`'\''`)}'`;
}
