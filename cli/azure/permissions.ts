/** What the signed-in identity may do. */
import * as v from "valibot";
import { matchesAction } from "./actionPattern.ts";
import type { ArmClient } from "./armClient.ts";
import { readAs } from "./read.ts";

const permissionsApiVersion = "2022-04-01";

const actions = v.nullish(v.array(v.string()), []);
const permission = v.object({ actions, notActions: actions, dataActions: actions, notDataActions: actions });

/** What one role gives. Any of the patterns may have `*`, which stands for any text (Azure RBAC, role-definitions.md). */
export type Permission = v.InferOutput<typeof permission>;

/** Something that is to be done: in Azure Resource Manager, or (`data`) with what is in a resource. */
export interface Action {
  /** E.g. `Microsoft.Network/bastionHosts/read`. */
  readonly name: string;
  readonly data: boolean;
}

/**
 * Everything that the caller's roles give at a scope, one entry for each (Azure RBAC, "Permissions - List For Resource
 * Group" and "... For Resource"). Deny assignments are not in it.
 * @param scope ARM id of a resource group or a resource: the API is documented for no other.
 * @throws ArmError
 */
export async function listPermissions(arm: ArmClient, scope: string): Promise<Permission[]> {
  const permissions: Permission[] = [];
  for await (const item of arm.list(`${scope}/providers/Microsoft.Authorization/permissions`, permissionsApiVersion)) {
    permissions.push(readAs(permission, item, "a permission"));
  }
  return permissions;
}

/**
 * Whether one of the roles gives it. What a role leaves out (`notActions`), another one may give (Azure RBAC,
 * role-definitions.md, "NotActions").
 */
export function isAllowed(permissions: readonly Permission[], { name, data }: Action): boolean {
  return permissions.some(({ actions: given, notActions, dataActions, notDataActions }) =>
    data
      ? includes(dataActions, name) && !includes(notDataActions, name)
      : includes(given, name) && !includes(notActions, name),
  );
}

function includes(patterns: readonly string[] | null, action: string): boolean {
  return matchesAction(patterns ?? [], action);
}
