import { guid } from "@bastion-trail/core/rules/guid";
import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { notFound, resourceGroupNotFound, resourceNotFound } from "./errors.ts";
import { objectAt, textAt } from "./json.ts";
import type { Resource, ResourceReader } from "./resource.ts";
import type { TypeRules } from "./typeRules.ts";
import { ArmError, badRequest, conflict } from "./armError.ts";
import {
  idOf,
  isSubscription,
  parentIdOf,
  parsePath,
  resourceGroupOf,
  resourceGroupType,
  sameId,
  scopesOf,
  type Target,
  typeInNamespace,
  typeOf,
} from "./ids.ts";
import { findResource, type Plane } from "./plane.ts";

/** A resource's rules, and its id in Azure's spelling, whether or not it exists. */
export interface Place {
  readonly rules: TypeRules;
  readonly id: string;
  readonly name: string;
  readonly parentId: string | undefined;
}

/**
 * Returns the place that a path names.
 * @throws ArmError for a namespace, type, api-version, subscription or scope that does not exist.
 */
export function locate(plane: Plane, target: Target, apiVersion: string): Place {
  const type = typeOf(target);
  const rules = plane.catalog.require(plane.catalog.rulesOf(type), type, apiVersion);
  requireSubscription(plane, target.scope);
  requireScopeKind(rules, target);
  const asked = canonicalId(plane, idOf(target));
  const parentId = rules.scope === "child" || rules.scope === "extension" ? parentIdOf(asked) : undefined;
  const home = rules.homeOf?.(asked);
  const id = home === undefined ? asked : canonicalId(plane, home);
  return { rules, id, name: target.names.at(-1) ?? "", parentId };
}

/** Returns Azure's answer to a read or a change of a resource or a group that does not exist. */
export function placeNotFound({ rules, id, name }: Place): ArmError {
  return rules.type === resourceGroupType ? resourceGroupNotFound(name) : notFound(rules, id);
}

/**
 * Returns the resource of a place.
 * @throws ArmError if it, its group or its parent does not exist.
 */
export function requireResource(plane: Plane, place: Place): Resource {
  requireParents(plane, place, "read");
  const resource = findResource(plane.store, place.rules, place.id);
  if (resource === undefined) throw placeNotFound(place);
  return resource;
}

/** Returns the id in Azure's spelling: types as the provider spells them, names as they were first written. */
function canonicalId(plane: Plane, id: string): string {
  const stored = plane.store.get(id);
  if (stored !== undefined) return stored.id;
  const path = parsePath(id);
  if (path?.kind === "subscription") return `/subscriptions/${plane.identity.subscriptionId}`;
  const parentId = parentIdOf(id);
  if (path?.kind !== "resource") return id;
  const { target } = path;
  const parent = parentId === undefined ? "" : canonicalId(plane, parentId);
  const [namespace = target.namespace, ...types] = (
    plane.catalog.rulesOf(typeOf(target))?.type ?? typeOf(target)
  ).split("/");
  const own = `/${types.at(-1) ?? ""}/${target.names.at(-1) ?? ""}`;
  if (types.length > 1 || namespace === resourceGroupType.split("/")[0]) return `${parent}${own}`;
  return `${parent}/providers/${namespace}${own}`;
}

/** Returns the region of a resource: its own or that of what contains it; `global` if none has one. */
export function regionOf(reader: ResourceReader, id: string): string {
  return scopesOf(id).flatMap((scope) => textAt(reader.get(scope)?.body, "location") ?? [])[0] ?? "global";
}

/**
 * @throws ArmError SubscriptionNotFound if the id is in another subscription than the sandbox's, InvalidSubscriptionId
 * (terraform-provider-azurerm #25954) if none can have its GUID.
 */
export function requireSubscription(plane: Plane, id: string): void {
  const subscriptionId = subscriptionOf(id);
  if (subscriptionId === undefined || sameId(subscriptionId, plane.identity.subscriptionId)) return;
  if (!guid.test(subscriptionId)) {
    throw badRequest(
      "InvalidSubscriptionId",
      `The provided subscription identifier '${subscriptionId}' is malformed or invalid.`,
    );
  }
  throw new ArmError(404, "SubscriptionNotFound", `The subscription '${subscriptionId}' could not be found.`);
}

/** @throws ArmError ResourceGroupNotFound */
export function requireGroup({ store, identity }: Plane, name: string): Resource {
  const group = store.get(`/subscriptions/${identity.subscriptionId}/resourceGroups/${name}`);
  if (group === undefined) throw resourceGroupNotFound(name);
  return group;
}

/**
 * Returns the resource or resource group that an id names.
 * @throws ArmError SubscriptionNotFound, ResourceGroupNotFound, ResourceNotFound
 */
export function requireScope(plane: Plane, id: string): Resource {
  requireSubscription(plane, id);
  const name = resourceGroupOf(id);
  if (name !== undefined) requireGroup(plane, name);
  const path = parsePath(id);
  const type = path?.kind === "resource" ? typeOf(path.target) : "";
  const rules = plane.catalog.rulesOf(type);
  const found = rules === undefined ? undefined : findResource(plane.store, rules, id);
  if (found === undefined) throw resourceNotFound(id, type);
  return found;
}

/**
 * Refuses a resource whose resource group, parent or extended scope does not exist.
 * @throws ArmError ResourceGroupNotFound, ResourceGroupBeingDeleted, ParentResourceNotFound (write), ResourceNotFound (read)
 */
export function requireParents(plane: Plane, place: Place, operation: "read" | "write"): void {
  requireResourceGroup(plane, place, operation);
  const { parentId, rules } = place;
  if (parentId === undefined) return;
  const parent = parsePath(parentId);
  // The subscription exists, and so does a parent that is not a resource of its own, like the location of a JIT policy.
  if (parent?.kind !== "resource") return;
  const parentType = typeOf(parent.target);
  const parentRules = plane.catalog.rulesOf(parentType);
  if (parentRules === undefined && rules.scope === "child") return;
  if (parentRules !== undefined && findResource(plane.store, parentRules, parentId) !== undefined) return;
  if (operation === "read" || rules.scope === "extension") throw resourceNotFound(parentId, parentType);
  throw new ArmError(
    404,
    "ParentResourceNotFound",
    `Failed to perform 'write' on resource(s) of type '${typeInNamespace(rules.type)}', because the parent resource '${parentId}' could not be found.`,
  );
}

function requireResourceGroup(plane: Plane, place: Place, operation: "read" | "write"): void {
  const name = resourceGroupOf(place.id);
  if (name === undefined || place.rules.type === resourceGroupType) return;
  const group = requireGroup(plane, name);
  if (operation === "write" && isBeingDeleted(group)) {
    throw conflict(
      "ResourceGroupBeingDeleted",
      `The resource group '${group.name}' is in deprovisioning state and cannot perform this operation.`,
    );
  }
}

function isBeingDeleted(resource: Resource): boolean {
  return objectAt(resource.body, "properties").provisioningState === "Deleting";
}

function requireScopeKind(rules: TypeRules, target: Target): void {
  const inGroup = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(target.scope);
  const inSubscription = isSubscription(target.scope);
  const fits =
    rules.scope === "resourceGroup"
      ? inGroup
      : rules.scope === "subscription"
        ? inSubscription
        : inGroup || inSubscription || rules.scope === "extension";
  if (fits) return;
  throw new ArmError(
    404,
    "InvalidResourceType",
    `The resource type '${typeInNamespace(rules.type)}' of the namespace '${target.namespace}' is not found at the scope '${target.scope}'.`,
  );
}
