import { resourceGroupOf, subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { isAllowed, type Action, type Permission } from "../../../azure/permissions.ts";
import { nameOf } from "../../../azure/read.ts";
import { archivesOf } from "../archives.ts";
import type { Check, CheckContext } from "../check.ts";
import { found, type Judgement } from "../finding.ts";
import type { Identity } from "../identity.ts";
import { roleDefinitionOf } from "../roleDefinition.ts";
import { rolesOf, type Role, type RoleName } from "../roles.ts";
import { quoted } from "../../../shell.ts";

/** A role with the place where it is needed. */
export interface RoleAtPlace {
  readonly role: Role;
  /** ARM id of a resource group or a resource. */
  readonly scope: string;
  /** The actions of the role that are needed there. */
  readonly actions: readonly Action[];
  readonly held: readonly Permission[];
}

export interface PermissionFacts {
  readonly identity: Identity;
  readonly places: readonly RoleAtPlace[];
  /** Roles that the identity should have. */
  readonly wanted: readonly RoleName[];
}

/** Number of permissions that a message lists. */
const fewActions = 3;

export function judgePermissions({ identity, places, wanted }: PermissionFacts): Judgement {
  const lacking = places
    .map((place) => ({ ...place, missing: place.actions.filter((action) => !isAllowed(place.held, action)) }))
    .filter(({ missing }) => missing.length > 0);
  const findings = lacking.map(({ role, scope, missing }) => {
    const named = missing.slice(0, fewActions).map(({ name, data }) => (data ? `${name} (data)` : name));
    const more = missing.length > fewActions ? ` and ${missing.length - fewActions} more` : "";
    const message = `${identity.name} may not do everything that ${role.commands} needs at ${nameOf(scope)}; missing: ${named.join(", ")}${more}.`;
    const values = {
      subscription: subscriptionOf(scope) ?? "",
      definition: roleDefinitionOf(role.name, scope),
      ...{ assignee: identity.assignee, role: quoted(role.name), scope },
    };
    return found(wanted.includes(role.of) ? "permission-missing" : "role-not-held", scope, message, values);
  });
  const able = new Set(places.map(({ role }) => role.commands));
  lacking.forEach(({ role }) => able.delete(role.commands));
  return {
    findings,
    seen:
      able.size === 0 ? `${identity.name} has no role in full.` : `${identity.name} may use ${[...able].join(", ")}.`,
  };
}

export const permissions: Check = {
  title: "the signed-in identity has the permissions that the commands need",
  examine: async (context) => {
    const { identity, options, attempt, inventory } = context;
    const needed = await placesOf(context);
    if (needed.length === 0) return { skipped: "Nothing that the identity could need a role for." };
    const places = await Promise.all(
      needed.map(async (place) => {
        const held = await attempt(() => inventory.permissions(place.scope));
        return held === undefined ? [] : [{ ...place, held }];
      }),
    );
    return judgePermissions({ identity, places: places.flat(), wanted: options.roles });
  },
};

async function placesOf(context: CheckContext): Promise<Omit<RoleAtPlace, "held">[]> {
  const { inventory, attempt } = context;
  const hosts = (await attempt(() => inventory.hosts())) ?? [];
  const archives = (await attempt(() => archivesOf(context))) ?? [];
  const { vms, workspaceId } = inventory.subject;
  const vmIds = vms?.map(({ id }) => id) ?? (await vmsInPolicies(context));
  const hostGroups = groupsOf(hosts.map(({ id }) => id));
  const vmGroups = groupsOf(vmIds);
  return rolesOf().flatMap((role) => {
    const at = (scopes: readonly string[], actions: readonly Action[]) =>
      actions.length === 0 ? [] : scopes.map((scope) => ({ role, scope, actions }));
    switch (role.place) {
      case "archive":
        return at(unique(archives.map(({ account }) => account.id)), role.actions);
      case "workspace":
        return at(workspaceId === undefined ? [] : [workspaceId], role.actions);
      case "resourceGroup":
        return merged([
          ...at(hostGroups, role.actions.filter(isOfHost)),
          ...at(
            vmGroups.length > 0 ? vmGroups : hostGroups,
            role.actions.filter((action) => !isOfHost(action)),
          ),
        ]);
    }
  });
}

async function vmsInPolicies({ inventory, attempt }: CheckContext): Promise<string[]> {
  const policies = (await attempt(() => inventory.policies())) ?? [];
  return policies.flatMap(({ vms }) => vms.map(({ id }) => id));
}

function isOfHost({ name }: Action): boolean {
  return name.toLowerCase().startsWith("microsoft.network/bastionhosts/");
}

/** Merges the entries of each scope. */
function merged(places: readonly Omit<RoleAtPlace, "held">[]): Omit<RoleAtPlace, "held">[] {
  const byScope = Object.groupBy(places, ({ scope }) => scope.toLowerCase());
  return Object.values(byScope).flatMap((same = []) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, actions: same.flatMap(({ actions }) => actions) }];
  });
}

/** Resource groups that contain these ids. */
function groupsOf(ids: readonly string[]): string[] {
  return unique(ids.flatMap((id) => resourceGroupOf(id) ?? []));
}

/** Removes duplicates, ignoring case. */
function unique(ids: readonly string[]): string[] {
  return [...new Map(ids.map((id) => [id.toLowerCase(), id])).values()];
}
