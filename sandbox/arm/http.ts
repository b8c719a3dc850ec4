import { guid } from "@bastion-trail/core/rules/guid";
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { asArmError, errorBody } from "./errors.ts";
import { type Json, type JsonObject, parseJsonObject } from "./json.ts";
import { ArmError, badRequest } from "./armError.ts";

/** A complete request, before it is routed. */
export interface HttpRequest {
  readonly method: string;
  /** Decoded path, without repeated slashes or one at its end. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Original path and query, starting with one slash. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly remoteAddress: string;
  /** `x-ms-request-id` of the response. */
  readonly requestId: string;
  /** The client's `x-ms-correlation-request-id`, or a new one. */
  readonly correlationId: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** ARM's limit for a request body: 4 MB. */
const maximumBytes = 4 * 1024 * 1024;

/** @throws ArmError RequestContentTooLarge (azure-api-management-devops-resource-kit #594), InvalidRequestUri */
export async function readRequest(message: IncomingMessage): Promise<HttpRequest> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const correlation = headers["x-ms-correlation-request-id"];
  // The SDKs append an id with its slash to the endpoint's slash. Without this, `//subscriptions` would be parsed as a
  // host name.
  const target = (message.url ?? "/").replace(/^\/+/, "/");
  const url = new URL(target, "https://127.0.0.1");
  return {
    method: message.method ?? "GET",
    path: decodePath(url.pathname),
    query: url.searchParams,
    target,
    headers,
    text: await readText(message),
    remoteAddress: message.socket.remoteAddress ?? "127.0.0.1",
    requestId: randomUUID(),
    correlationId: correlation !== undefined && guid.test(correlation) ? correlation : randomUUID(),
  };
}

/**
 * Refuses a body whose `Content-Type` is not JSON, as ARM does without reading it (azure-docs,
 * chaos-studio/troubleshooting.md).
 * @throws ArmError UnsupportedMediaType
 */
export function requireJson({ headers, text }: HttpRequest): void {
  const mediaType = headers["content-type"]?.split(";")[0]?.trim();
  if (text === "" || mediaType?.toLowerCase() === "application/json") return;
  throw new ArmError(
    415,
    "UnsupportedMediaType",
    `The content media type '${mediaType ?? "<null>"}' is not supported. Only 'application/json' is supported.`,
  );
}

/**
 * Parses the body as a JSON object; an absent body is empty.
 * @throws ArmError InvalidRequestContent
 */
export function jsonBody(request: HttpRequest): JsonObject {
  if (request.text.trim() === "") return {};
  try {
    return parseJsonObject(request.text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badRequest(
      "InvalidRequestContent",
      `The request content was invalid and could not be deserialized: '${reason}'.`,
    );
  }
}

export function sendAnswer(
  response: ServerResponse,
  request: Pick<HttpRequest, "method" | "requestId" | "correlationId" | "headers">,
  answer: HttpAnswer,
): void {
  const text = answer.body === undefined || answer.status === 204 ? "" : JSON.stringify(answer.body);
  response.statusCode = answer.status;
  response.setHeader("x-ms-request-id", request.requestId);
  response.setHeader("x-ms-correlation-request-id", request.correlationId);
  const clientRequestId = request.headers["x-ms-client-request-id"];
  if (clientRequestId !== undefined) response.setHeader("x-ms-client-request-id", clientRequestId);
  response.setHeader("Cache-Control", "no-cache");
  response.setHeader("X-Content-Type-Options", "nosniff");
  if (text !== "") response.setHeader("Content-Type", "application/json; charset=utf-8");
  if (answer.status !== 204) response.setHeader("Content-Length", Buffer.byteLength(text));
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.end(request.method === "HEAD" ? undefined : text);
}

export function errorAnswer(thrown: unknown): HttpAnswer {
  const error = asArmError(thrown);
  return { status: error.status, body: errorBody(error), headers: error.headers };
}

function decodePath(path: string): string {
  try {
    return path.split(/\/+/).map(decodeURIComponent).join("/").replace(/\/+$/, "");
  } catch {
    throw badRequest("InvalidRequestUri", `The path '${path}' is not correctly encoded.`);
  }
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    if (!(chunk instanceof Buffer)) throw new Error("A request's body is read as bytes.");
    bytes += chunk.length;
    if (bytes > maximumBytes) {
      throw new ArmError(413, "RequestContentTooLarge", "The request content size exceeds the maximum size of 4 MB.");
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
