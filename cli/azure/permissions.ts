/** The permissions of the signed-in identity. */
import * as v from "valibot";
import { matchesAction } from "./actionPattern.ts";
import type { ArmClient } from "./armClient.ts";
import { readAs } from "./read.ts";

const permissionsApiVersion = "2022-04-01";

const actions = v.nullish(v.array(v.string()), []);
const permission = v.object({ actions, notActions: actions, dataActions: actions, notDataActions: actions });

/** The actions that one role grants. Each pattern may contain `*`, which matches any text (Azure RBAC, role-definitions.md). */
export type Permission = v.InferOutput<typeof permission>;

/** An action in Azure Resource Manager, or (`data`) on the contents of a resource. */
export interface Action {
  /** For example `Microsoft.Network/bastionHosts/read`. */
  readonly name: string;
  readonly data: boolean;
}

/**
 * Lists what the caller's roles grant at a scope, one entry per role (Azure RBAC, "Permissions - List For Resource Group" and
 * "... For Resource"). Deny assignments are not included.
 * @param scope ARM id of a resource group or a resource: the API is documented only for these.
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
 * Returns whether one of the roles grants an action. What one role excludes (`notActions`), another may grant (Azure RBAC,
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
