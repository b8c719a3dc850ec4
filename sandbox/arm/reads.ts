import { listedFor } from "./access/authorize.ts";
import { objectsAt, textAt, type JsonObject } from "./json.ts";
import { methodNotAllowed, notFound, resourceNotFound } from "./errors.ts";
import type { HttpAnswer } from "./http.ts";
import { locate, requireGroup, requireResource, requireSubscription } from "./locate.ts";
import type { Resource } from "./resource.ts";
import type { TypeRules } from "./typeRules.ts";
import { idOf, isAtOrBelow, parsePath, resourceGroupOf, sameId, type Target, typeOf } from "./ids.ts";
import { page } from "./paging.ts";
import { findResource, type ArmRequest, type Plane } from "./plane.ts";
import { etagHeader, renderListed, renderResource } from "./render.ts";
import { tagFilter } from "./resourceFilter.ts";

/** Answers GET or HEAD of one resource. */
export function readResource(plane: Plane, request: ArmRequest, target: Target): HttpAnswer {
  if (plane.catalog.rulesOf(typeOf(target)) === undefined) {
    const part = readPart(plane, request, target);
    if (part !== undefined) return part;
  }
  const place = locate(plane, target, request.apiVersion);
  const resource = requireResource(plane, place);
  const headers = etagHeader(place.rules, resource);
  if (request.http.method === "HEAD") return { status: 204, headers };
  const expanded = (request.http.query.get("$expand") ?? "").split(",").map((name) => name.trim());
  return { status: 200, body: renderResource(plane, place.rules, resource, expanded), headers };
}

/** Answers GET of a collection, or of something below a resource (`instanceView`). */
export function readCollection(plane: Plane, request: ArmRequest, target: Target): HttpAnswer {
  if (request.http.method !== "GET") throw methodNotAllowed(request.http.method);
  const below = readBelow(plane, request, target);
  if (below !== undefined) return below;
  if (isAction(plane, target)) throw methodNotAllowed("GET");
  const type = typeOf(target);
  const rules = plane.catalog.require(plane.catalog.listedBy(type), type, request.apiVersion);
  requireSubscription(plane, target.scope);
  requireListedScope(plane, target);
  const listed = listOf(plane, rules, target, request.http.query.get("$filter")).filter(listedFor(plane, request));
  const { items, nextLink } = page(plane.endpoint, request.http, listed);
  return { status: 200, body: { value: items.map((resource) => renderListed(plane, rules, resource)), ...nextLink } };
}

/**
 * Answers GET of one part of a list below a resource whose parts are not resources (a default rule of a network
 * security group).
 */
function readPart(plane: Plane, request: ArmRequest, target: Target): HttpAnswer | undefined {
  const below = readBelow(plane, request, { ...target, names: target.names.slice(0, -1) });
  if (below === undefined) return undefined;
  const name = target.names.at(-1) ?? "";
  const part = objectsAt(below.body, "value").find((one) => sameId(textAt(one, "name") ?? "", name));
  if (part === undefined) throw resourceNotFound(idOf(target), typeOf(target));
  return { status: 200, body: part };
}

function isAction(plane: Plane, { names, namespace, types, ...rest }: Target): boolean {
  if (names.length === 0) return false;
  const owner = typeOf({ ...rest, names, namespace, types: types.slice(0, -1) });
  const actions = plane.catalog.rulesOf(owner)?.actions ?? {};
  return Object.keys(actions).some((name) => sameId(name, types.at(-1) ?? ""));
}

function readBelow(plane: Plane, request: ArmRequest, target: Target): HttpAnswer | undefined {
  if (target.names.length === 0) return undefined;
  const owner: Target = { ...target, types: target.types.slice(0, -1) };
  const name = target.types.at(-1) ?? "";
  const reads = plane.catalog.rulesOf(typeOf(owner))?.reads ?? {};
  const read = Object.entries(reads).find(([key]) => sameId(key, name))?.[1];
  if (read === undefined) return undefined;
  const resource = requireResource(plane, locate(plane, owner, request.apiVersion));
  return { status: 200, body: read({ ...request.context, resource, body: {}, headers: request.http.headers }) };
}

/** Refuses to list in a resource group, or below a resource, that does not exist. */
function requireListedScope(plane: Plane, target: Target): void {
  const group = resourceGroupOf(target.scope);
  if (group !== undefined) requireGroup(plane, group);
  const scope = parsePath(target.scope);
  if (scope?.kind === "resource") requireExisting(plane, target.scope, typeOf(scope.target));
  if (target.types.length < 2) return;
  const parent: Target = { ...target, types: target.types.slice(0, -1) };
  requireExisting(plane, idOf(parent), typeOf(parent));
}

function requireExisting(plane: Plane, id: string, type: string): void {
  const rules = plane.catalog.rulesOf(type);
  // Anything that is not a resource itself, like the location of a JIT policy, always exists.
  if (rules !== undefined && findResource(plane.store, rules, id) === undefined) throw notFound(rules, id);
}

function listOf(plane: Plane, rules: TypeRules, target: Target, filter: string | null): Resource[] {
  const { store } = plane;
  const parent = target.names.length === 0 ? target.scope : idOf({ ...target, types: target.types.slice(0, -1) });
  const isListed = rules.listed?.(parent, filter) ?? listedByDefault(rules, target, filter);
  const implied = (rules.impliedNames?.(target.scope, store) ?? []).flatMap((name): Resource[] => {
    const asked = idOf({ ...target, names: [...target.names, name] });
    const id = rules.homeOf?.(asked) ?? asked;
    const resource = store.get(id) === undefined ? findResource(store, rules, id) : undefined;
    return resource === undefined ? [] : [resource];
  });
  return [...store.ofType(rules.type), ...implied]
    .filter(isListed)
    .sort((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1));
}

function listedByDefault(rules: TypeRules, target: Target, filter: string | null): (resource: Resource) => boolean {
  const hasTags = tagFilter(filter);
  return (resource) => {
    const path = parsePath(resource.id);
    if (path?.kind !== "resource") return false;
    const { scope, names } = path.target;
    const inScope = rules.scope === "extension" ? sameId(scope, target.scope) : isAtOrBelow(scope, target.scope);
    return inScope && target.names.every((name, index) => sameId(name, names[index] ?? "")) && hasTags(resource);
  };
}

/** Returns a resource as shown by `GET .../resources`: the members that all resources have, without `properties`. */
export function renderGeneric(resource: Resource): JsonObject {
  const shown = ["location", "kind", "sku", "plan", "identity", "tags", "managedBy", "extendedLocation"];
  const members = Object.entries(resource.body).filter(([member]) => shown.includes(member));
  return { id: resource.id, name: resource.name, type: resource.type, ...Object.fromEntries(members) };
}
