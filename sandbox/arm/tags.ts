import { audited } from "./audited.ts";
import { objectAt, textAt, type JsonObject } from "./json.ts";
import { requireKnownVersion } from "./catalog.ts";
import { methodNotAllowed } from "./errors.ts";
import { tags } from "./commonFields.ts";
import { jsonBody, type HttpAnswer } from "./http.ts";
import { requireScope } from "./locate.ts";
import { requireUnlocked } from "./locks.ts";
import type { Field, ObjectField } from "./field.ts";
import type { Resource } from "./resource.ts";
import { parsePath, sameId, typeOf } from "./ids.ts";
import type { ArmRequest, Plane } from "./plane.ts";
import { sdkVersions } from "./sdkModels.ts";
import { readBody } from "./shape.ts";
import { requireTags } from "./tagChecks.ts";

const path = /^(?<scope>\/subscriptions\/[^/]+\/.+)\/providers\/microsoft\.resources\/tags\/default$/i;
const type = "Microsoft.Resources/tags";

const properties: ObjectField = { kind: "object", required: true, members: { tags: { ...tags, required: true } } };
const operation: Field = { kind: "string", required: true, oneOf: ["Replace", "Merge", "Delete"] };
const putShape: ObjectField = { kind: "object", members: { properties } };
const patchShape: ObjectField = { kind: "object", members: { properties, operation } };

/**
 * Answers requests for the tags of a resource or resource group, as sent by `az tag` (Azure, "Tags - Get, Create Or
 * Update, Update, Delete At Scope").
 * @returns undefined for any other path, or that of a resource without tags.
 */
export function answerTags(plane: Plane, request: ArmRequest): Promise<HttpAnswer> | HttpAnswer | undefined {
  const { http, apiVersion } = request;
  const scope = path.exec(http.path)?.groups?.scope;
  if (scope === undefined || !canBeTagged(plane, scope)) return undefined;
  requireKnownVersion("tags", sdkVersions(type)?.versions ?? [], apiVersion);
  if (http.method === "GET") return { status: 200, body: shown(requireScope(plane, scope)) };
  if (!["PUT", "PATCH", "DELETE"].includes(http.method)) throw methodNotAllowed(http.method);
  const operationName = `${type}/${http.method === "DELETE" ? "delete" : "write"}`;
  const resourceId = `${scope}/providers/${type}/default`;
  return audited(plane, request, { resourceId, operationName, requestBody: http.text }, () => {
    const resource = requireScope(plane, scope);
    requireUnlocked(plane.store, resource.id, resource.type, "write");
    plane.operations.requireNone(resource.id, plane.catalog.rulesOf(resource.type));
    const body = { ...resource.body, tags: changed(request, resource) };
    requireTags(body, resource.type);
    const written = plane.store.put({ ...resource, body });
    return http.method === "DELETE" ? { status: 200 } : { status: 200, body: shown(written) };
  });
}

/** Returns the tags after a request. Names are compared case-insensitively, as in Azure. */
function changed({ http }: ArmRequest, resource: Resource): JsonObject {
  if (http.method === "DELETE") return {};
  const body = readBody(jsonBody(http), http.method === "PUT" ? putShape : patchShape);
  const given = objectAt(body, "properties.tags");
  const operation = textAt(body, "operation")?.toLowerCase() ?? "replace";
  if (operation === "replace") return given;
  const others = Object.entries(objectAt(resource.body, "tags")).filter(([name, value]) => {
    const same = Object.entries(given).find(([other]) => sameId(other, name));
    // A tag is deleted by its name alone, or only if it has the given value.
    return same === undefined || (operation === "delete" && same[1] !== "" && same[1] !== value);
  });
  return { ...Object.fromEntries(others), ...(operation === "merge" ? given : {}) };
}

function canBeTagged(plane: Plane, scope: string): boolean {
  const target = parsePath(scope);
  return target?.kind === "resource" && plane.catalog.rulesOf(typeOf(target.target))?.location === "required";
}

function shown(resource: Resource): JsonObject {
  return {
    id: `${resource.id}/providers/${type}/default`,
    name: "default",
    type,
    properties: { tags: objectAt(resource.body, "tags") },
  };
}
