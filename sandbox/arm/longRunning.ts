import type { HttpAnswer } from "./http.ts";
import { ArmError } from "./armError.ts";
import { sameId } from "./ids.ts";
import { regionOf, type Place } from "./locate.ts";
import { operationPath, operationStatus, type Operation, type OperationStart } from "./operations.ts";
import type { ArmRequest, Plane } from "./plane.ts";

/** Milliseconds of real time that a poll is held in case the operation ends meanwhile. */
const holdMs = 2000;

/** Starts the long-running operation of a request. */
export function startOperation(
  plane: Plane,
  { http, apiVersion, caller }: ArmRequest,
  { id, rules }: Place,
  own: Pick<OperationStart, "kind" | "operationName" | "result">,
): Operation {
  return plane.operations.start({
    ...own,
    resourceId: id,
    type: rules.type,
    location: regionOf(plane.store, id),
    apiVersion,
    correlationId: http.correlationId,
    caller,
    ...plane.faults.failure(http.method, http.path),
  });
}

/**
 * Returns the first response of a long-running operation, with the URLs to poll. `Retry-After: 0`, because the poll
 * itself is held until the operation ends: the SDKs always poll once at the start, regardless of that header (core-lro,
 * azcore, azure-core), and so never sleep.
 */
export function accepted(plane: Plane, operation: Operation, answer: HttpAnswer): HttpAnswer {
  const query = `?api-version=${operation.apiVersion}`;
  const status = `${plane.endpoint}${operationPath(operation)}${query}`;
  const result = `${plane.endpoint}${operationPath(operation, "operationResults")}${query}`;
  return {
    ...answer,
    headers: {
      ...answer.headers,
      // The result of an action with a body is that body, which only `Location` returns.
      ...(operation.kind === "action" && operation.result?.body !== undefined
        ? {}
        : { "Azure-AsyncOperation": status }),
      ...(operation.kind === "write" ? {} : { Location: result }),
      "Retry-After": "0",
    },
  };
}

/** Answers `Azure-AsyncOperation` (`operations`) and `Location` (`operationResults`). */
export async function answerPoll(
  plane: Plane,
  collection: "operations" | "operationResults",
  id: string,
): Promise<HttpAnswer> {
  const known = plane.operations.get(id);
  if (known === undefined) throw new ArmError(404, "NotFound", `The operation '${id}' could not be found.`);
  await plane.operations.wait(id, holdMs);
  const operation = plane.operations.get(id) ?? known;
  const later = { "Retry-After": "1" };
  if (collection === "operations") {
    return { status: 200, body: operationStatus(operation), headers: operation.status === "InProgress" ? later : {} };
  }
  if (operation.status === "InProgress") {
    return {
      status: 202,
      headers: {
        ...later,
        Location: `${plane.endpoint}${operationPath(operation, "operationResults")}?api-version=${operation.apiVersion}`,
      },
    };
  }
  if (operation.error !== undefined) return operation.error;
  if (operation.result !== undefined) return operation.result;
  return { status: operation.kind === "delete" ? 204 : 200 };
}

/** Parses the path of a poll into its form and the operation's id; undefined for any other path. */
export function parsePoll(path: string): { collection: "operations" | "operationResults"; id: string } | undefined {
  const [, form = "", id = ""] =
    /^\/subscriptions\/[^/]+\/providers\/[^/]+\/locations\/[^/]+\/(operations|operationResults)\/([^/]+)$/i.exec(
      path,
    ) ?? [];
  if (id === "") return undefined;
  return { collection: sameId(form, "operations") ? "operations" : "operationResults", id };
}
