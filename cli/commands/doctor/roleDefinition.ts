import { readRole, roleFileNames } from "../../roleFiles.ts";

/**
 * Returns the argument of `az role definition create` for one of this project's roles, quoted for the shell.
 * @param scope ARM id at which the role will be assigned.
 * @returns an empty text for a built-in role, which already exists.
 */
export function roleDefinitionOf(roleName: string, scope: string): string {
  const definition = roleFileNames.map(readRole).find(({ Name }) => Name === roleName);
  if (definition === undefined) return "";
  const json = JSON.stringify({ ...definition, AssignableScopes: [`/subscriptions/${subscriptionOf(scope)}`] });
  return `'${json.replaceAll("'", String.raw`'\''`)}'`;
}

/** The subscription in an ARM id. */
export function subscriptionOf(id: string): string {
  return id.split("/")[2] ?? "";
}
