import { audited } from "./audited.ts";
import { methodNotAllowed, resourceNotFound } from "./errors.ts";
import type { HttpAnswer } from "./http.ts";
import { jsonBody } from "./http.ts";
import { resourceGroupOf, resourceGroupType } from "./ids.ts";
import type { Target } from "./ids.ts";
import { objectAt, textAt } from "./bodies.ts";
import { requireLocation } from "./locations.ts";
import type { Place } from "./locate.ts";
import { locate, requireParents } from "./locate.ts";
import { requireUnlocked } from "./locks.ts";
import { accepted } from "./longRunning.ts";
import { mergePatch } from "./merge.ts";
import type { JsonObject, PutContext, Resource } from "./model.ts";
import { ArmError } from "./model.ts";
import type { Operation, OperationStart } from "./operations.ts";
import type { ArmRequest, Plane } from "./plane.ts";
import { findResource } from "./plane.ts";
import { requireRegistered } from "./registrations.ts";
import { renderResource, requirePreconditions } from "./render.ts";
import { readBody, splitSecrets } from "./shape.ts";

/** Answers a PUT or a PATCH of one resource. */
export async function writeResource(
  plane: Plane,
  request: ArmRequest,
  target: Target,
  method: "PUT" | "PATCH",
): Promise<HttpAnswer> {
  const place = locate(plane, target, request.apiVersion);
  const { rules } = place;
  if (rules.put === "forbidden" || (method === "PATCH" && rules.patch !== true)) throw methodNotAllowed(method);
  const sent = jsonBody(request.http);
  // What a VM's password is must not be read in the activity log, as Azure keeps it out of there too.
  const requestBody = JSON.stringify(splitSecrets(sent, rules.shape).body);
  const operationName = `${rules.type}/write`;
  return audited(plane, request, { resourceId: place.id, operationName, requestBody }, async () => {
    requireName(place);
    requireRegistered(plane, rules.type);
    requireParents(plane, place, "write");
    const existing = findResource(plane.store, rules, place.id);
    if (method === "PATCH" && existing === undefined) throw resourceNotFound(place.id, rules.type);
    requirePreconditions(request.http, existing);
    const read = method === "PUT" ? readBody(sent, rules.shape) : readPatch(sent, place, existing);
    const body = rules.location === "required" ? placed(read, place, existing) : read;
    requireUnlocked(plane.store, place.id, rules.type, "write");
    plane.operations.requireNone(place.id);
    return write(plane, request, { ...request.context, method, ...place, existing, body }, place);
  });
}

async function write(plane: Plane, request: ArmRequest, context: PutContext, place: Place): Promise<HttpAnswer> {
  const { rules } = place;
  const { existing } = context;
  const { written, after, operation } = plane.store.transaction(() => {
    rules.check?.(context);
    const complete = rules.complete?.(context) ?? { body: context.body };
    const split = splitSecrets(complete.body, rules.shape);
    const secrets = ("secrets" in complete ? complete.secrets : undefined) ?? split.secrets ?? existing?.secrets;
    const body =
      rules.put === "async" ? withState(split.body, existing === undefined ? "Creating" : "Updating") : split.body;
    const resource = plane.store.put({
      id: place.id,
      type: rules.type,
      name: place.name,
      body,
      ...(secrets === undefined ? {} : { secrets }),
    });
    const after = rules.afterPut?.(context, resource);
    const operation: Operation | undefined =
      rules.put === "async" ? plane.operations.start(startOf(plane, request, place)) : undefined;
    return { written: resource, after, operation };
  });
  await after;
  const present = plane.store.get(place.id) ?? written;
  const answer: HttpAnswer = {
    status: existing === undefined ? (rules.createdStatus ?? 201) : 200,
    body: renderResource(plane, rules, present),
    headers: { ETag: `"${present.etag}"` },
  };
  return operation === undefined ? answer : accepted(plane, operation, answer);
}

function startOf(plane: Plane, { http, apiVersion, caller }: ArmRequest, { id, rules }: Place): OperationStart {
  return {
    kind: "write",
    resourceId: id,
    type: rules.type,
    operationName: `${rules.type}/write`,
    apiVersion,
    correlationId: http.correlationId,
    caller,
    ...plane.faults.failure(http.method, http.path),
  };
}

/** Ends a long-running write: the resource's `provisioningState` tells how. */
export function endWrite(plane: Plane, operation: Operation): void {
  const resource = plane.store.get(operation.resourceId);
  if (resource !== undefined) {
    const body = withState(resource.body, operation.failure === undefined ? "Succeeded" : "Failed");
    plane.store.put({ ...resource, body });
  }
  if (operation.failure !== undefined) throw new ArmError(500, operation.failure.code, operation.failure.message);
}

/** The body with another `provisioningState`. */
export function withState(body: JsonObject, provisioningState: string): JsonObject {
  return { ...body, properties: { ...objectAt(body, "properties"), provisioningState } };
}

function requireName({ rules, name }: Place): void {
  if (!rules.name.pattern.test(name)) throw new ArmError(400, rules.name.code, rules.name.message(name));
}

/** The whole body that a PATCH leaves, with the secrets that the store keeps apart put back for the rules to see. */
function readPatch(sent: JsonObject, { rules }: Place, existing: Resource | undefined): JsonObject {
  const patch = readBody(sent, rules.shape, { partial: true });
  // Secrets that a provider made itself (account keys) are no members of the body.
  const secrets = Object.entries(existing?.secrets ?? {}).filter(([member]) =>
    Object.hasOwn(rules.shape.members, member),
  );
  const before = mergePatch(existing?.body ?? {}, Object.fromEntries(secrets));
  return readBody(mergePatch(before, patch), rules.shape);
}

/**
 * The body with its location in ARM's spelling.
 * @throws ArmError LocationRequired, LocationNotAvailableForResourceType, InvalidResourceLocation and their forms for groups
 */
function placed(body: JsonObject, { rules, name, id }: Place, existing: Resource | undefined): JsonObject {
  const location = textAt(body, "location");
  if (location === undefined || location.trim() === "") {
    throw new ArmError(400, "LocationRequired", "The location property is required for this definition.");
  }
  const isGroup = rules.type === resourceGroupType;
  const region = requireLocation(location, rules.type);
  const before = existing === undefined ? undefined : textAt(existing.body, "location");
  if (before === undefined || before === region) return { ...body, location: region };
  throw isGroup
    ? new ArmError(
        409,
        "InvalidResourceGroupLocation",
        `Invalid resource group location '${region}'. The Resource group already exists in location '${before}'.`,
      )
    : new ArmError(
        409,
        "InvalidResourceLocation",
        `The resource '${name}' already exists in location '${before}' in resource group '${resourceGroupOf(id) ?? ""}'. A resource with the same name cannot be created in location '${region}'. Please select a new resource name.`,
      );
}
