import type { Role } from "./role.ts";

/** A role in the form that `az role definition create` reads. */
export interface RoleFile {
  readonly Name: string;
  readonly IsCustom: true;
  readonly Description: string;
  readonly Actions: readonly string[];
  readonly NotActions: readonly string[];
  readonly DataActions: readonly string[];
  readonly NotDataActions: readonly string[];
  readonly AssignableScopes: readonly string[];
}

/**
 * Returns a role as a file for the Azure CLI.
 * @param scopes - ARM ids at which the role can be assigned.
 * @default a placeholder for the id of a subscription
 */
export function roleFile(
  { name, description, actions, dataActions }: Role,
  scopes: readonly string[] = ["/subscriptions/<subscription-id>"],
): RoleFile {
  return {
    Name: name,
    IsCustom: true,
    Description: description,
    Actions: actions,
    NotActions: [],
    DataActions: dataActions,
    NotDataActions: [],
    AssignableScopes: scopes,
  };
}
