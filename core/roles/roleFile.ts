import type { Role } from "./role.ts";

/** A role as `az role definition create` takes it. */
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
 * @param scopes - ARM ids that the role can be assigned at.
 * @default a place for the id of a subscription, which whoever uses the file fills in
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
