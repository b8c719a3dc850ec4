import { guid } from "@bastion-trail/core/rules/guid";
import type { DataPlane, DataPlaneTools } from "../arm/dataPlane.ts";
import { objectsAt, textAt, parseJsonObject, type Json, type JsonObject } from "../arm/json.ts";
import type { HttpAnswer, HttpRequest } from "../arm/http.ts";
import type { Clock } from "../clock.ts";
import type { ResourceReader } from "../arm/resource.ts";
import { badArgument, errorAnswer, invalidBody, QueryApiError } from "./apiErrors.ts";
import { runQuery, type QueryRequest } from "./runQuery.ts";
import type { QueryEngines } from "./engines.ts";

/** Path of the query service on the control plane's host; in Azure it is https://api.loganalytics.io. */
const queryServicePath = "/loganalytics";

/** Audience of the public cloud, which clients use unless another cloud is configured. */
const publicAudience = "https://api.loganalytics.io";

export interface QueryServiceOptions {
  /** The sandbox's folder, which contains the tables. */
  readonly directory: string;
  readonly store: ResourceReader;
  readonly clock: Clock;
  readonly engines: QueryEngines;
}

const queryPath = /^\/loganalytics\/v1\/workspaces\/([^/]+)\/query$/i;
const batchPath = /^\/loganalytics\/v1\/\$batch$/i;

/**
 * The Log Analytics query API, version 1 (azure-monitor-docs, logs/api): single queries for a workspace, with POST or
 * GET, and batches. It responds like api.loganalytics.io, from the rows that the diagnostic settings have sent to the
 * workspace.
 */
export function queryService(options: QueryServiceOptions): DataPlane {
  return {
    // The Azure CLI and this project's CLI read both the address and the audience of the service from here.
    metadata: (endpoint) => ({ logAnalyticsResourceId: `${endpoint}${queryServicePath}` }),
    async answer(request, tools) {
      if (!request.path.toLowerCase().startsWith(`${queryServicePath}/`)) return undefined;
      try {
        await tools.authenticate([`${tools.endpoint}${queryServicePath}`, publicAudience]);
        return await route(options, request, tools);
      } catch (error) {
        return errorAnswer(error, request.correlationId);
      }
    },
  };
}

async function route(options: QueryServiceOptions, request: HttpRequest, tools: DataPlaneTools): Promise<HttpAnswer> {
  const customerId = queryPath.exec(request.path)?.[1];
  if (customerId !== undefined && request.method === "POST") {
    return await single(options, tools, { customerId, body: bodyOf(request), prefer: request.headers.prefer });
  }
  if (customerId !== undefined && request.method === "GET") {
    const body: JsonObject = Object.fromEntries(request.query);
    return await single(options, tools, { customerId, body, prefer: request.headers.prefer });
  }
  if (batchPath.test(request.path) && request.method === "POST") return await batch(options, tools, request);
  throw pathNotFound();
}

interface Single {
  readonly customerId: string;
  readonly body: JsonObject;
  readonly prefer: string | undefined;
}

async function single(options: QueryServiceOptions, tools: DataPlaneTools, asked: Single): Promise<HttpAnswer> {
  const { store, clock, directory, engines } = options;
  if (!guid.test(asked.customerId)) throw pathNotFound();
  const workspace = store
    .all()
    .find(({ body }) => textAt(body, "properties.customerId")?.toLowerCase() === asked.customerId.toLowerCase());
  if (workspace === undefined) {
    throw new QueryApiError(404, "WorkspaceNotFoundError", "The workspace could not be found");
  }
  const query = asked.body.query;
  if (typeof query !== "string" || query.trim() === "") throw invalidBody('"query" is required');
  const timespan = asked.body.timespan;
  if (timespan !== undefined && typeof timespan !== "string") throw invalidBody('"timespan" must be a text');
  if (Array.isArray(asked.body.workspaces) && asked.body.workspaces.length > 0) {
    throw badArgument({
      code: "NotSupportedInSandbox",
      message: "The sandbox queries one workspace at a time, and this query names more.",
    });
  }
  const request: QueryRequest = {
    directory,
    customerId: textAt(workspace.body, "properties.customerId") ?? "",
    query,
    timespan,
    now: clock.now(),
    ...preferences(asked.prefer),
    rowLimit: tools.fault("partialResult")?.rows,
  };
  return { status: 200, body: await runQuery(engines, request) };
}

/**
 * Parses the `Prefer` header: the time to wait in seconds (180 by default, at most 600), and whether to include
 * statistics.
 */
function preferences(prefer = ""): { seconds: number; statistics: boolean } {
  const wait = Number(/(?:^|[,;\s])wait=(\d+)/i.exec(prefer)?.[1] ?? 180);
  return { seconds: Math.min(600, Math.max(1, wait)), statistics: /include-statistics=true/i.test(prefer) };
}

/** Each query of a batch has its own response; the batch as a whole succeeds (logs/api/batch-queries.md). */
async function batch(options: QueryServiceOptions, tools: DataPlaneTools, request: HttpRequest): Promise<HttpAnswer> {
  const requests = objectsAt(bodyOf(request), "requests");
  const ids = requests.map((one) => textAt(one, "id"));
  if (requests.length === 0 || ids.includes(undefined) || new Set(ids).size !== ids.length) {
    throw invalidBody('"requests" must be a list of queries, each with an "id" of its own');
  }
  const responses = await Promise.all(
    requests.map(async (one): Promise<Json> => {
      const { status, body = null } = await partOf(options, tools, one, request.correlationId);
      return { id: textAt(one, "id") ?? "", status, body };
    }),
  );
  return { status: 200, body: { responses } };
}

async function partOf(
  options: QueryServiceOptions,
  tools: DataPlaneTools,
  one: JsonObject,
  correlationId: string,
): Promise<HttpAnswer> {
  try {
    if (textAt(one, "path") !== "/query" || textAt(one, "method")?.toUpperCase() !== "POST") throw pathNotFound();
    const { body } = one;
    if (typeof body !== "object" || body === null || Array.isArray(body)) throw invalidBody('"body" is required');
    const prefer = textAt(one, "headers.prefer") ?? textAt(one, "headers.Prefer");
    return await single(options, tools, { customerId: textAt(one, "workspace") ?? "", body, prefer });
  } catch (error) {
    return errorAnswer(error, correlationId);
  }
}

function bodyOf({ text }: HttpRequest): JsonObject {
  try {
    return parseJsonObject(text);
  } catch (error) {
    throw invalidBody(error instanceof Error ? error.message : String(error));
  }
}

function pathNotFound(): QueryApiError {
  return new QueryApiError(404, "PathNotFoundError", "The requested path does not exist");
}
