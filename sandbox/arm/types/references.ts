/** References between resources: ids in their bodies, which must name existing resources. */
import { regionName } from "@bastion-trail/core/rules/region";
import { type ArmError, badRequest } from "../armError.ts";
import { sameId } from "../ids.ts";
import { regionOf } from "../locate.ts";
import { objectAt, type JsonObject } from "../json.ts";
import type { Resource, ResourceReader } from "../resource.ts";
import { wireEtag } from "../etags.ts";

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
    throw badRequest(
      "LinkedInvalidPropertyId",
      `Property id '${id}' at path '${from.path}' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.`,
    );
  }
  const found = store.get(id);
  if (found?.type.toLowerCase() !== type.toLowerCase() || !isIn(store, found, from.location)) {
    throw missingReference(id, from);
  }
  return found;
}

export function missingReference(id: string, from: Pick<Referrer, "id">): ArmError {
  return badRequest(
    "InvalidResourceReference",
    `Resource ${id} referenced by resource ${from.id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
  );
}

function isIn(store: ResourceReader, resource: Resource, location: string): boolean {
  const own = regionOf(store, resource.id);
  return own === "global" || regionName(own) === regionName(location);
}

/** Returns the resource as an element of an inline list in its parent's body. */
export function inlineView(resource: Resource): JsonObject {
  return {
    id: resource.id,
    name: resource.name,
    etag: wireEtag(resource),
    type: resource.type,
    properties: objectAt(resource.body, "properties"),
  };
}

/** Whether both are absent, or both name the same resource. */
export function sameReference(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameId(a, b);
}
