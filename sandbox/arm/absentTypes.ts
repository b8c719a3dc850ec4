import { requireKnownVersion } from "./catalog.ts";
import { methodNotAllowed, resourceNotFound } from "./errors.ts";
import type { HttpAnswer } from "./http.ts";
import { requireSubscription } from "./locate.ts";
import { badRequest, type ArmError } from "./armError.ts";
import { type ArmPath, idOf, sameId, type Target, typeOf } from "./ids.ts";
import type { ArmRequest, Plane } from "./plane.ts";
import { publicRegion, regionNames } from "./regions.ts";
import { sdkVersions } from "./sdkModels.ts";

/**
 * Answers requests for a type that exists in Azure but not in this sandbox, as Azure would: lists are empty, creating
 * one is refused, and computed results are not offered.
 * @returns undefined for a type that this sandbox has, and for one that no SDK has.
 */
export function answerAbsent(
  plane: Plane,
  { http, apiVersion, context }: ArmRequest,
  path: ArmPath,
): HttpAnswer | undefined {
  if (path.kind === "subscription") return undefined;
  const { target } = path;
  const type = typeOf(target);
  if (plane.catalog.listedBy(type) !== undefined || isPart(plane, target)) return undefined;
  const known = sdkVersions(type);
  if (known === undefined) return undefined;
  const ownType = target.types.join("/");
  requireKnownVersion(ownType, known.versions, apiVersion);
  requireSubscription(plane, target.scope);
  if (known.of === "list" || sameId(ownType, "providerOperations")) {
    const list = plane.catalog.provider(target.namespace)?.lists[ownType.toLowerCase()];
    const location = target.types[0]?.toLowerCase() === "locations" ? target.names[0] : undefined;
    const isElsewhere = location !== undefined && publicRegion(location) === undefined;
    if (list === undefined || isElsewhere) {
      const regions = list === undefined ? [] : regionNames();
      throw badRequest(
        "NoRegisteredProviderFound",
        `No registered resource provider found for location '${location ?? "null"}' and API version '${apiVersion}' for type '${ownType}'. ` +
          `The supported api-versions are '${[...known.versions].reverse().join(", ")}'. The supported locations are '${regions.join(", ")}'.`,
      );
    }
    if (http.method !== "GET") throw methodNotAllowed(http.method);
    return { status: 200, body: { value: list(context, target.names) } };
  }
  switch (http.method) {
    case "GET":
    case "HEAD":
      if (path.kind === "collection") return { status: 200, body: { value: [] } };
      throw resourceNotFound(idOf(target), type);
    case "DELETE":
      return { status: 204 };
    case "PUT":
    case "PATCH":
      throw notAvailable(type);
    default:
      throw methodNotAllowed(http.method);
  }
}

/** Refuses an action of a type that exists in Azure but not in this sandbox. */
export function refuseAbsent(plane: Plane, owner: Target, apiVersion: string): void {
  const type = typeOf(owner);
  const known = plane.catalog.rulesOf(type) === undefined ? sdkVersions(type) : undefined;
  if (known?.of !== "resources") return;
  requireKnownVersion(owner.types.join("/"), known.versions, apiVersion);
  throw notAvailable(type);
}

/** Whether the last type is a read or an action of a resource of this sandbox. */
function isPart(plane: Plane, target: Target): boolean {
  const rules = plane.catalog.rulesOf(typeOf({ ...target, types: target.types.slice(0, -1) }));
  const last = target.types.at(-1) ?? "";
  return Object.keys({ ...rules?.reads, ...rules?.actions }).some((name) => sameId(name, last));
}

function notAvailable(type: string): ArmError {
  return badRequest(
    "LocationNotAvailableForResourceType",
    `The resource type '${type}' is not available in any location of this subscription. List of available regions for the resource type is ''.`,
  );
}
