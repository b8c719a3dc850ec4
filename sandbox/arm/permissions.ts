import { objectsAt, textAt } from "./bodies.ts";
import { requireKnownVersion } from "./catalog.ts";
import { methodNotAllowed } from "./errors.ts";
import type { HttpAnswer } from "./http.ts";
import { isAtOrBelow } from "./ids.ts";
import { requireScope } from "./locate.ts";
import type { Caller, JsonObject, Resource } from "./model.ts";
import { sameId } from "./model.ts";
import type { ArmRequest, Plane } from "./plane.ts";
import { findResource } from "./plane.ts";

const path = /^(?<scope>\/subscriptions\/[^/]+\/.+)\/providers\/microsoft\.authorization\/permissions$/i;
const versions = ["2015-07-01", "2018-01-01-preview", "2022-04-01"];
const assignmentType = "Microsoft.Authorization/roleAssignments";
const definitionType = "Microsoft.Authorization/roleDefinitions";

/** Whoever has no role assigned may do what this sandbox lets everybody do: everything, and read blobs. */
const everybody = ["8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"];

/**
 * Answers what the caller's roles give at a resource group or a resource (Azure RBAC, "Permissions - List For Resource
 * Group" and "... For Resource"): one entry for each permission of each role that is assigned there or above.
 *
 * The sandbox lists roles and enforces none: a caller with assigned roles has exactly those in the list.
 * @returns undefined when the path is another one.
 */
export function answerPermissions(plane: Plane, { http, caller, apiVersion }: ArmRequest): HttpAnswer | undefined {
  const scope = path.exec(http.path)?.groups?.scope;
  if (scope === undefined) return undefined;
  if (http.method !== "GET") throw methodNotAllowed(http.method);
  requireKnownVersion("permissions", versions, apiVersion);
  requireScope(plane, scope);
  return { status: 200, body: { value: rolesOf(plane, caller, scope).flatMap((role) => permissionsOf(role)) } };
}

/** Role definitions that are assigned to the caller at the scope or above it. */
function rolesOf(plane: Plane, caller: Caller, scope: string): Resource[] {
  const own = plane.store
    .ofType(assignmentType)
    .filter(({ body }) => sameId(textAt(body, "properties.principalId") ?? "", caller.objectId));
  const here = own.filter(({ body }) => isAtOrBelow(scope, textAt(body, "properties.scope") ?? ""));
  const ids = here.map(({ body }) => textAt(body, "properties.roleDefinitionId") ?? "");
  const named = own.length === 0 ? everybody.map((name) => builtInId(plane, name)) : ids;
  return named.flatMap((id) => definitionOf(plane, id) ?? []);
}

function builtInId(plane: Plane, name: string): string {
  return `/subscriptions/${plane.identity.subscriptionId}/providers/${definitionType}/${name}`;
}

/** A custom role is one role at every scope, whichever of them its id names. */
function definitionOf(plane: Plane, id: string): Resource | undefined {
  const name = id.split("/").at(-1) ?? "";
  const rules = plane.catalog.rulesOf(definitionType);
  const custom = plane.store.ofType(definitionType).find((definition) => sameId(definition.name, name));
  return custom ?? (rules === undefined ? undefined : findResource(plane.store, rules, builtInId(plane, name)));
}

function permissionsOf({ body }: Resource): JsonObject[] {
  const empty = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
  return objectsAt(body, "properties.permissions").map((permission) => ({ ...empty, ...permission }));
}
