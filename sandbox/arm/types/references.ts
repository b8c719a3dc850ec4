/** References between resources: ids in their bodies, which must name existing resources. */
import { ArmError } from "../armError.ts";
import { sameId } from "../ids.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Resource, ResourceReader } from "../resource.ts";
import { objectAt, textAt } from "../bodies.ts";
import { normalizeLocation } from "../locations.ts";

/** The location of a reference: the resource, and the path in its body. */
export interface Referrer {
  readonly id: string;
  readonly location: string;
  readonly path: string;
}

/**
 * Returns the resource that an id in a body names.
 * @throws ArmError `LinkedInvalidPropertyId` if it is not an ARM id, `InvalidResourceReference` if no such resource of
 * this type exists in the referrer's region. Azure answers the same for a missing resource and for another region.
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

/** Returns the region of a resource, which for a child is that of its parent. */
export function locationOf(store: ResourceReader, resource: Resource): string | undefined {
  const own = textAt(resource.body, "location");
  if (own !== undefined) return own;
  const parent = store.get(parentIdOf(resource.id));
  return parent === undefined ? undefined : textAt(parent.body, "location");
}

/** Returns the id of a child resource's parent. */
export function parentIdOf(childId: string): string {
  return childId.split("/").slice(0, -2).join("/");
}

/** Returns the last segment of an ARM id. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** Returns `{ "id": ... }`, or undefined. */
export function reference(id: string | undefined): JsonObject | undefined {
  return id === undefined ? undefined : { id };
}

/** Returns the resource as an element of an inline list in its parent's body. */
export function inlineView(resource: Resource): JsonObject {
  return {
    id: resource.id,
    name: resource.name,
    etag: etagOf(resource),
    type: resource.type,
    properties: objectAt(resource.body, "properties"),
  };
}

/** Returns the etag in the weak form of Azure's network provider. */
export function etagOf(resource: Pick<Resource, "etag">): string {
  return `W/"${resource.etag}"`;
}

/** Whether both are absent, or both name the same resource. */
export function sameReference(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameId(a, b);
}

/** Whether two JSON values are equal, regardless of the order of their members. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => sorted(item) ?? null);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item) ?? null]));
}
