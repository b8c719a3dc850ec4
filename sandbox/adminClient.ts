import { readFileSync } from "node:fs";
import { textAt, isObject, type Json, type JsonObject } from "./arm/json.ts";
import type { SandboxDescription } from "./directory.ts";
import { exchange } from "./exchange.ts";
import { Failure } from "./failure.ts";

/** A response of the sandbox's HTTPS endpoint. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

export interface CallOptions {
  readonly body?: JsonObject;
  /** Bearer token. Defaults to the admin token for the sandbox's own routes, and to none for others. */
  readonly token?: string;
  /** Milliseconds without a response after which the call fails. Defaults to 60,000. */
  readonly timeout?: number;
}

/**
 * Calls the control plane of a running sandbox: its ARM API, or its own routes under `/sandbox`.
 * @throws if there is no response; a response with an error status is returned.
 */
export async function call(
  description: Pick<SandboxDescription, "armEndpoint" | "caFile" | "adminToken">,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const ownRoute = path.startsWith("/sandbox/");
  const { body, token = ownRoute ? description.adminToken : undefined, timeout = 60_000 } = options;
  const headers = {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const { status, text } = await exchange(
    new URL(path, description.armEndpoint),
    { method, headers, timeout, ca: readFileSync(description.caFile), agent: false },
    body === undefined ? undefined : JSON.stringify(body),
  );
  return { status, body: parseObject(text) };
}

/**
 * Like `call`, but requires a successful response.
 * @throws `Failure` with the error text of the control plane otherwise.
 */
export async function callOrFail(...parameters: Parameters<typeof call>): Promise<JsonObject> {
  const answer = await call(...parameters);
  if (answer.status >= 300) throw new Failure(errorText(answer));
  return answer.body;
}

/** Returns `Code: message` of an ARM error body. */
export function errorText(answer: Answer): string {
  const code = textAt(answer.body, "error.code");
  const message = textAt(answer.body, "error.message");
  return code === undefined || message === undefined
    ? `HTTP ${answer.status} ${JSON.stringify(answer.body)}`
    : `${code}: ${message}`;
}

function parseObject(text: string): JsonObject {
  if (text === "") return {};
  const parsed = JSON.parse(text) as Json;
  return isObject(parsed) ? parsed : { value: parsed };
}
