import { audited } from "./audited.ts";
import { methodNotAllowed } from "./errors.ts";
import { jsonBody, type HttpAnswer } from "./http.ts";
import { resourceGroupOf, resourceGroupType, type Target } from "./ids.ts";
import { textAt, withProperties, type JsonObject } from "./json.ts";
import { tagsObject } from "./commonFields.ts";
import { requireLocation } from "./locations.ts";
import { locate, placeNotFound, requireParents, type Place } from "./locate.ts";
import { requireUnlocked } from "./locks.ts";
import { accepted, startOperation } from "./longRunning.ts";
import { mergePatch } from "./merge.ts";
import type { Completion } from "./typeRules.ts";
import type { PutContext } from "./requestContext.ts";
import type { Resource } from "./resource.ts";
import { ArmError, badRequest, conflict } from "./armError.ts";
import type { Operation } from "./operations.ts";
import { findResource, type ArmRequest, type Plane } from "./plane.ts";
import { requireRegistered } from "./registrations.ts";
import { etagHeader, renderResource, requirePreconditions } from "./render.ts";
import { readBody, splitSecrets } from "./shape.ts";
import { requireTags } from "./tagChecks.ts";

/** Answers a PUT or a PATCH of one resource. */
export async function writeResource(
  plane: Plane,
  request: ArmRequest,
  target: Target,
  method: "PUT" | "PATCH",
): Promise<HttpAnswer> {
  const place = locate(plane, target, request.apiVersion);
  const { rules } = place;
  const completion = method === "PUT" ? rules.put : (rules.patch?.completion ?? "forbidden");
  if (rules.put === "forbidden" || completion === "forbidden") throw methodNotAllowed(method);
  const sent = jsonBody(request.http);
  // The password of a VM must not appear in the activity log; Azure omits it too.
  const requestBody = JSON.stringify(splitSecrets(sent, rules.shape).body);
  const operationName = `${rules.type}/write`;
  return audited(plane, request, { resourceId: place.id, operationName, requestBody }, async () => {
    requireName(place);
    requireRegistered(plane, rules.type);
    requireParents(plane, place, "write");
    return plane.soleWrites.run(place, () => {
      const existing = findResource(plane.store, rules, place.id);
      const write: Write = { plane, request, place, existing, completion };
      return answerWrite(write, method === "PUT" ? putOf(write, sent) : patchOf(write, sent));
    });
  });
}

/** A write of one resource. */
interface Write {
  readonly plane: Plane;
  readonly request: ArmRequest;
  readonly place: Place;
  readonly existing: Resource | undefined;
  readonly completion: Completion;
}

/** Changes the store. `after` is the remaining work outside the transaction. */
type Change = () => { readonly written: Resource; readonly after?: void | Promise<void> };

function putOf(write: Write, sent: JsonObject): Change {
  const { rules } = write.place;
  requirePreconditions(write.request.http, rules, write.existing);
  return replaceBody(write, readBody(sent, rules.shape, { refusals: rules.refusals }));
}

function patchOf(write: Write, sent: JsonObject): Change {
  const { plane, request, place, existing } = write;
  if (existing === undefined) throw placeNotFound(place);
  requirePreconditions(request.http, place.rules, existing);
  if (place.rules.patch?.of !== "tags") return replaceBody(write, readPatch(sent, place, existing));
  const tags = readBody(sent, tagsObject, { partial: true });
  const patched = mergePatch(existing.body, tags);
  requireTags(patched, place.rules.type);
  requireWritable(write);
  return () => ({ written: plane.store.put({ ...existing, body: begun(write, patched) }) });
}

/** Checks, completes and stores a whole body. */
function replaceBody(write: Write, read: JsonObject): Change {
  const { plane, request, place, existing } = write;
  const { rules, id, name } = place;
  const body = rules.location === "required" ? placed(read, place, existing) : read;
  requireTags(body, rules.type);
  requireWritable(write);
  const context: PutContext = { ...request.context, ...place, existing, body };
  return () => {
    rules.check?.(context);
    const complete = rules.complete?.(context) ?? { body };
    const split = splitSecrets(complete.body, rules.shape);
    const secrets = ("secrets" in complete ? complete.secrets : undefined) ?? split.secrets ?? existing?.secrets;
    const written = plane.store.put({
      id,
      type: rules.type,
      name,
      body: begun(write, split.body),
      ...(secrets === undefined ? {} : { secrets }),
    });
    return { written, after: rules.afterPut?.(context, written) };
  };
}

function requireWritable({ plane, place: { id, rules } }: Write): void {
  requireUnlocked(plane.store, id, rules.type, "write");
  plane.operations.requireNone(id, rules);
}

async function answerWrite(write: Write, change: Change): Promise<HttpAnswer> {
  const { plane, request, place, existing, completion } = write;
  const { written, after, operation } = plane.store.transaction(() => ({
    ...change(),
    operation:
      completion === "async"
        ? startOperation(plane, request, place, { kind: "write", operationName: `${place.rules.type}/write` })
        : undefined,
  }));
  await after;
  const present = plane.store.get(place.id) ?? written;
  const answer: HttpAnswer = {
    status: existing === undefined ? (place.rules.createdStatus ?? 201) : 200,
    body: renderResource(plane, place.rules, present),
    headers: etagHeader(place.rules, present),
  };
  return operation === undefined ? answer : accepted(plane, operation, answer);
}

/** Returns the body as shown while the write is in progress: with the `provisioningState` of types that have one. */
function begun({ place: { rules }, existing, completion }: Write, body: JsonObject): JsonObject {
  if (rules.put !== "async") return body;
  if (completion === "sync") return withProperties(body, { provisioningState: "Succeeded" });
  return withProperties(body, { provisioningState: existing === undefined ? "Creating" : "Updating" });
}

/** Ends a long-running write: the resource's `provisioningState` shows the result. */
export function endWrite(plane: Plane, operation: Operation): void {
  const resource = plane.store.get(operation.resourceId);
  if (resource !== undefined) {
    const provisioningState = operation.failure === undefined ? "Succeeded" : "Failed";
    const body = withProperties(resource.body, { provisioningState });
    plane.store.put({ ...resource, body });
  }
  if (operation.failure !== undefined) throw new ArmError(500, operation.failure.code, operation.failure.message);
}

function requireName({ rules, name }: Place): void {
  if (!rules.name.pattern.test(name)) throw badRequest(rules.name.code, rules.name.message(name));
}

/** Returns the whole body after a PATCH, including the separately stored secrets, so that the rules can see them. */
function readPatch(sent: JsonObject, { rules }: Place, existing: Resource | undefined): JsonObject {
  const patch = readBody(sent, rules.shape, { partial: true, refusals: rules.refusals });
  // Secrets that a provider created itself (account keys) are not members of the body.
  const secrets = Object.entries(existing?.secrets ?? {}).filter(([member]) =>
    Object.hasOwn(rules.shape.members, member),
  );
  const before = mergePatch(existing?.body ?? {}, Object.fromEntries(secrets));
  return readBody(mergePatch(before, patch), rules.shape, { refusals: rules.refusals });
}

/**
 * Returns the body with its location in ARM's spelling.
 * @throws ArmError LocationRequired, LocationNotAvailableForResourceType, InvalidResourceLocation and their variants
 * for groups
 */
function placed(body: JsonObject, { rules, name, id }: Place, existing: Resource | undefined): JsonObject {
  const location = textAt(body, "location");
  if (location === undefined || location.trim() === "") {
    throw badRequest("LocationRequired", "The location property is required for this definition.");
  }
  const isGroup = rules.type === resourceGroupType;
  const region = requireLocation(location, rules.type);
  const before = existing === undefined ? undefined : textAt(existing.body, "location");
  if (before === undefined || before === region) return { ...body, location: region };
  throw isGroup
    ? conflict(
        "InvalidResourceGroupLocation",
        `Invalid resource group location '${region}'. The Resource group already exists in location '${before}'.`,
      )
    : conflict(
        "InvalidResourceLocation",
        `The resource '${name}' already exists in location '${before}' in resource group '${resourceGroupOf(id) ?? ""}'. A resource with the same name cannot be created in location '${region}'. Please select a new resource name.`,
      );
}
