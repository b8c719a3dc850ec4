import { authorize } from "./access/authorize.ts";
import { answerAbsent } from "./absentTypes.ts";
import { runAction } from "./actions.ts";
import { requireApiVersion, requireKnownVersion } from "./catalog.ts";
import { deleteResource } from "./deletes.ts";
import { methodNotAllowed } from "./errors.ts";
import { requireJson, type HttpAnswer, type HttpRequest } from "./http.ts";
import { parsePath } from "./ids.ts";
import { requireSubscription } from "./locate.ts";
import { answerPoll, parsePoll } from "./longRunning.ts";
import type { Caller } from "./caller.ts";
import { ArmError } from "./armError.ts";
import { answerPermissions } from "./permissions.ts";
import { contextFor, type ArmRequest, type Plane } from "./plane.ts";
import { readCollection, readResource } from "./reads.ts";
import { answerSubscription } from "./subscriptions.ts";
import { answerTags } from "./tags.ts";
import { writeResource } from "./writes.ts";

const activityPath = /^\/subscriptions\/[^/]+\/providers\/microsoft\.insights\/eventtypes\/management\/values$/i;
const categoriesPath = /^\/providers\/microsoft\.insights\/eventcategories$/i;
const activityVersion = "2015-04-01";

/** Microsoft.Insights specification, "Event Categories - List". */
const categories = ["Administrative", "Security", "ServiceHealth", "Alert", "Recommendation", "Policy"];

/** Answers one authenticated request to Azure Resource Manager. */
export async function answerArm(plane: Plane, http: HttpRequest, caller: Caller): Promise<HttpAnswer> {
  const apiVersion = requireApiVersion(http.query);
  requireJson(http);
  const context = contextFor(plane, { caller, apiVersion, correlationId: http.correlationId });
  const request: ArmRequest = { http, caller, apiVersion, context };
  authorize(plane, request);
  const poll = parsePoll(http.path);
  if (poll !== undefined && http.method === "GET") return answerPoll(plane, poll.collection, poll.id);
  if (activityPath.test(http.path)) return answerActivity(plane, request);
  if (categoriesPath.test(http.path)) return answerCategories(request);
  return (
    answerSubscription(plane, request) ??
    answerPermissions(plane, request) ??
    answerTags(plane, request) ??
    answerPath(plane, request)
  );
}

function answerPath(plane: Plane, request: ArmRequest): HttpAnswer | Promise<HttpAnswer> {
  const { method, path } = request.http;
  if (method === "POST") return runAction(plane, request);
  const parsed = parsePath(path);
  const absent = parsed === undefined ? undefined : answerAbsent(plane, request, parsed);
  if (absent !== undefined) return absent;
  if (parsed === undefined) {
    throw new ArmError(
      404,
      "MissingSubscription",
      "The request did not have a subscription or a valid tenant level resource provider.",
    );
  }
  if (parsed.kind === "subscription") throw methodNotAllowed(method);
  if (parsed.kind === "collection") return readCollection(plane, request, parsed.target);
  switch (method) {
    case "PUT":
    case "PATCH":
      return writeResource(plane, request, parsed.target, method);
    case "DELETE":
      return deleteResource(plane, request, parsed.target);
    case "GET":
    case "HEAD":
      return readResource(plane, request, parsed.target);
    default:
      throw methodNotAllowed(method);
  }
}

function answerActivity(plane: Plane, request: ArmRequest): HttpAnswer {
  requireSubscription(plane, request.http.path);
  requireActivityRead(request, "eventtypes");
  return { status: 200, body: { ...plane.activityLog.list(new URL(request.http.target, plane.endpoint)) } };
}

function answerCategories(request: ArmRequest): HttpAnswer {
  requireActivityRead(request, "eventcategories");
  return { status: 200, body: { value: categories.map((value) => ({ value, localizedValue: value })) } };
}

function requireActivityRead({ http, apiVersion }: ArmRequest, type: string): void {
  if (http.method !== "GET") throw methodNotAllowed(http.method);
  requireKnownVersion(type, [activityVersion], apiVersion);
}
