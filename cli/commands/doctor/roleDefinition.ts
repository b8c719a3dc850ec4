import { readRole, roleFileNames } from "../../roleFiles.ts";

/**
 * What `az role definition create` takes to make one of this project's roles, as a word for the shell.
 * @param scope ARM id that the role is to be assigned at.
 * @returns an empty text for a role of Azure's own, which is there already.
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
