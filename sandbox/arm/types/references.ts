/** What resources say of each other: ids in their bodies that must name something that exists. */
import { ArmError, sameId } from "../model.ts";
import type { Json, JsonObject, Resource, ResourceReader } from "../model.ts";
import { objectAt, textAt } from "../bodies.ts";
import { normalizeLocation } from "../locations.ts";

/** Where a reference stands: whose it is, and at which path of the body. */
export interface Referrer {
  readonly id: string;
  readonly location: string;
  readonly path: string;
}

/**
 * The resource that an id in a body names.
 * @throws ArmError `LinkedInvalidPropertyId` when it is no ARM id, `InvalidResourceReference` when there is no such
 * resource of this type in the referrer's region. Azure answers both the missing and the foreign region alike.
 */
export function requireReference(store: ResourceReader, id: string, type: string, from: Referrer): Resource {
  if (!/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+(\/[^/]+\/[^/]+)+$/i.test(id)) {
    throw new ArmError(
      400,
      "LinkedInvalidPropertyId",
      `Property id '${id}' at path '${from.path}' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.`,
    );
  }
  const found = store.get(id);
  if (found?.type.toLowerCase() !== type.toLowerCase() || !isIn(store, found, from.location)) {
    throw new ArmError(
      400,
      "InvalidResourceReference",
      `Resource ${id} referenced by resource ${from.id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    );
  }
  return found;
}

function isIn(store: ResourceReader, resource: Resource, location: string): boolean {
  const own = locationOf(store, resource);
  return own === undefined || normalizeLocation(own) === normalizeLocation(location);
}

/** Region of a resource; a child's is its parent's. */
export function locationOf(store: ResourceReader, resource: Resource): string | undefined {
  const own = textAt(resource.body, "location");
  if (own !== undefined) return own;
  const parent = store.get(parentIdOf(resource.id));
  return parent === undefined ? undefined : textAt(parent.body, "location");
}

/** Id of the resource that holds a child resource. */
export function parentIdOf(childId: string): string {
  return childId.split("/").slice(0, -2).join("/");
}

/** Last segment of an ARM id. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** `{ "id": ... }`, or nothing. */
export function reference(id: string | undefined): JsonObject | undefined {
  return id === undefined ? undefined : { id };
}

/** The resource as an element of an inline list of its parent's body. */
export function inlineView(resource: Resource): JsonObject {
  return {
    id: resource.id,
    name: resource.name,
    etag: etagOf(resource),
    type: resource.type,
    properties: objectAt(resource.body, "properties"),
  };
}

/** The etag in the weak form that Azure's network provider shows. */
export function etagOf(resource: Pick<Resource, "etag">): string {
  return `W/"${resource.etag}"`;
}

/** Whether both are absent, or both name the same resource. */
export function sameReference(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameId(a, b);
}

/** Whether two JSON values are equal, whatever the order of their members. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => sorted(item) ?? null);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item) ?? null]));
}
