import { objectsAt, textAt, type JsonObject } from "../json.ts";
import type { Caller } from "../caller.ts";
import type { Resource } from "../resource.ts";
import { isAtOrBelow, sameId, nameOf } from "../ids.ts";
import { findResource, type Plane } from "../plane.ts";

const assignmentType = "Microsoft.Authorization/roleAssignments";
const definitionType = "Microsoft.Authorization/roleDefinitions";

/** Owner and Storage Blob Data Reader, because Owner includes no right on data. */
const everything = ["8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"];

/** The rights of one assigned role. */
export interface Grant {
  /** `actions`, `notActions`, `dataActions`, `notDataActions` of the role. */
  readonly permissions: readonly JsonObject[];
  /** Limits which of the rights are given; `undefined` for all. */
  readonly condition: string | undefined;
}

/**
 * Whether a caller has all rights: the sandbox's own application and, so that most uses need no roles, any user without
 * a role assignment.
 */
export function isUnlimited(plane: Plane, caller: Caller): boolean {
  if (caller.appId !== undefined) return sameId(caller.appId, plane.identity.clientId);
  return assignmentsOf(plane, caller).length === 0;
}

/** Returns the rights of the roles that are assigned to the caller at the scope or above it. */
export function grantsAt(plane: Plane, caller: Caller, scope: string): Grant[] {
  return grantsOf(plane, caller, (assigned) => isAtOrBelow(scope, assigned));
}

/** Returns the rights of the roles that are assigned to the caller at the scope or below it. */
export function grantsWithin(plane: Plane, caller: Caller, scope: string): Grant[] {
  return grantsOf(plane, caller, (assigned) => isAtOrBelow(assigned, scope));
}

function grantsOf(plane: Plane, caller: Caller, applies: (scope: string) => boolean): Grant[] {
  const assigned = assignmentsOf(plane, caller)
    .filter(({ body }) => applies(textAt(body, "properties.scope") ?? ""))
    .map(({ body }) => ({
      role: textAt(body, "properties.roleDefinitionId") ?? "",
      condition: textAt(body, "properties.condition"),
    }));
  const implied = isUnlimited(plane, caller)
    ? everything.map((name) => ({ role: builtInId(plane, name), condition: undefined }))
    : [];
  return [...implied, ...assigned].flatMap(({ role, condition }) => {
    const definition = definitionOf(plane, role);
    return definition === undefined ? [] : [{ permissions: permissionsOf(definition), condition }];
  });
}

function assignmentsOf(plane: Plane, { objectId }: Caller): Resource[] {
  return plane.store
    .ofType(assignmentType)
    .filter(({ body }) => sameId(textAt(body, "properties.principalId") ?? "", objectId));
}

function builtInId(plane: Plane, name: string): string {
  return `/subscriptions/${plane.identity.subscriptionId}/providers/${definitionType}/${name}`;
}

/** Returns a role definition. A custom role is the same at every scope, whichever scope its id names. */
function definitionOf(plane: Plane, id: string): Resource | undefined {
  const name = nameOf(id);
  const rules = plane.catalog.rulesOf(definitionType);
  const custom = plane.store.ofType(definitionType).find((definition) => sameId(definition.name, name));
  return custom ?? (rules === undefined ? undefined : findResource(plane.store, rules, builtInId(plane, name)));
}

function permissionsOf({ body }: Resource): JsonObject[] {
  const empty = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
  return objectsAt(body, "properties.permissions").map((permission) => ({ ...empty, ...permission }));
}
