import { objectAt, type JsonObject } from "./json.ts";
import type { HttpRequest } from "./http.ts";
import type { Resource } from "./resource.ts";
import type { TypeRules } from "./typeRules.ts";
import { ArmError } from "./armError.ts";
import { bareEtag, wireEtag } from "./etags.ts";
import { sameId } from "./ids.ts";
import type { Plane } from "./plane.ts";

/**
 * Returns a resource as in the response to GET.
 * @param expanded the names in the request's `$expand`; names that the type does not know are ignored.
 */
export function renderResource(
  plane: Plane,
  rules: TypeRules,
  resource: Resource,
  expanded: readonly string[] = [],
): JsonObject {
  const body = rules.view?.(resource, plane.store, plane.clock) ?? resource.body;
  const added = Object.entries(rules.expand ?? {})
    .filter(([name]) => expanded.some((asked) => sameId(asked, name)))
    .map(([name, read]) => [name, read(resource, plane.store, plane.clock)] as const);
  if (added.length === 0) return withEnvelope(rules, resource, body);
  const properties = { ...objectAt(body, "properties"), ...Object.fromEntries(added) };
  return withEnvelope(rules, resource, { ...body, properties });
}

/** Returns a resource as shown in a list. */
export function renderListed(plane: Plane, rules: TypeRules, resource: Resource): JsonObject {
  if (rules.listView === undefined) return renderResource(plane, rules, resource);
  return withEnvelope(rules, resource, rules.listView(resource, plane.store, plane.clock));
}

function withEnvelope(rules: TypeRules, resource: Resource, body: JsonObject): JsonObject {
  const { id, name, type } = resource;
  return { id, name, type, ...(rules.etag === true ? { etag: wireEtag(resource) } : {}), ...body };
}

/** Returns the header of a response that shows a resource. */
export function etagHeader(rules: TypeRules, resource: Resource): Record<string, string> {
  return rules.etag === true ? { ETag: `"${resource.etag}"` } : {};
}

/**
 * Refuses a write whose `If-Match` or `If-None-Match` is not met.
 * @throws ArmError PreconditionFailed (412)
 */
export function requirePreconditions(request: HttpRequest, rules: TypeRules, existing: Resource | undefined): void {
  const [ifMatch, ifNoneMatch] = [request.headers["if-match"], request.headers["if-none-match"]];
  const matches = (condition: string): boolean =>
    existing !== undefined &&
    (condition.trim() === "*" || condition.split(",").some((tag) => bareEtag(tag) === existing.etag));
  if (ifMatch !== undefined && !matches(ifMatch)) {
    if (existing !== undefined)
      throw rules.refusals?.etagMismatch?.(ifMatch, existing) ?? etagMismatch(ifMatch, existing);
    throw new ArmError(
      412,
      "PreconditionFailed",
      `The condition 'If-Match: ${ifMatch}' is not met: the resource does not exist.`,
    );
  }
  if (ifNoneMatch !== undefined && matches(ifNoneMatch)) {
    throw new ArmError(
      412,
      "PreconditionFailed",
      `The condition 'If-None-Match: ${ifNoneMatch}' is not met: the resource already exists.`,
    );
  }
}

/** Microsoft.Compute's answer (cloud-provider-azure #9729, #9728). */
function etagMismatch(given: string, { etag }: Resource): ArmError {
  const message = `Etag provided in if-match header ${given} does not match etag "${etag}" of resource.`;
  return new ArmError(412, "PreconditionFailed", message);
}
