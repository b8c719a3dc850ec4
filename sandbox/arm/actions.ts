import { refuseAbsent } from "./absentTypes.ts";
import { audited } from "./audited.ts";
import { methodNotAllowed } from "./errors.ts";
import { jsonBody, type HttpAnswer } from "./http.ts";
import { locate, requireResource, requireSubscription } from "./locate.ts";
import { requireUnlocked } from "./locks.ts";
import { accepted, startOperation } from "./longRunning.ts";
import type { ActionResult } from "./typeRules.ts";
import { parsePath, sameId, type Target, typeOf } from "./ids.ts";
import type { ArmRequest, Plane } from "./plane.ts";

/** Answers POST `{resource}/{action}` and POST `/subscriptions/{id}/providers/{namespace}/{action}`. */
export async function runAction(plane: Plane, request: ArmRequest): Promise<HttpAnswer> {
  const path = parsePath(request.http.path);
  if (path?.kind !== "collection") throw methodNotAllowed("POST");
  const { target } = path;
  requireSubscription(plane, target.scope);
  const action = target.types.at(-1) ?? "";
  if (target.names.length === 0) return runProviderAction(plane, request, target, action);
  const owner: Target = { ...target, types: target.types.slice(0, -1) };
  refuseAbsent(plane, owner, request.apiVersion);
  const place = locate(plane, owner, request.apiVersion);
  const { rules } = place;
  const found = Object.entries(rules.actions ?? {}).find(([name]) => sameId(name, action));
  if (found === undefined) throw methodNotAllowed("POST");
  const [name, run] = found;
  const operationName = `${rules.type}/${name}/action`;
  return audited(plane, request, { resourceId: place.id, operationName, requestBody: request.http.text }, async () => {
    const resource = requireResource(plane, place);
    requireUnlocked(plane.store, place.id, rules.type, "action");
    const result = await run({
      ...request.context,
      resource,
      body: jsonBody(request.http),
      headers: request.http.headers,
    });
    if (result.longRunning !== true) return answerOf(result);
    const operation = startOperation(plane, request, place, {
      kind: "action",
      operationName,
      result: { ...answerOf(result), status: result.status === 202 ? 200 : result.status },
    });
    return accepted(plane, operation, { status: 202 });
  });
}

function runProviderAction(plane: Plane, request: ArmRequest, target: Target, action: string): HttpAnswer {
  const actions = plane.catalog.provider(target.namespace)?.actions ?? {};
  const run = Object.entries(actions).find(([name]) => sameId(name, action))?.[1];
  if (run === undefined) {
    plane.catalog.require(plane.catalog.listedBy(typeOf(target)), typeOf(target), request.apiVersion);
    throw methodNotAllowed("POST");
  }
  return answerOf(run({ ...request.context, body: jsonBody(request.http) }));
}

function answerOf(result: ActionResult): HttpAnswer & { status: number; body?: NonNullable<ActionResult["body"]> } {
  return { status: result.status, ...(result.body === undefined ? {} : { body: result.body }) };
}
