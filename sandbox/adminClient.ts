import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { textAt } from "./arm/bodies.ts";
import { isObject, type Json, type JsonObject } from "./arm/json.ts";
import type { SandboxDescription } from "./directory.ts";
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
export function call(
  description: Pick<SandboxDescription, "armEndpoint" | "caFile" | "adminToken">,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const ownRoute = path.startsWith("/sandbox/");
  const { body, token = ownRoute ? description.adminToken : undefined, timeout = 60_000 } = options;
  const content = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const agent = new Agent({ ca: readFileSync(description.caFile) });
    const outgoing = request(new URL(path, description.armEndpoint), {
      method,
      agent,
      timeout,
      headers: {
        ...(content === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(content) }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
    outgoing.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        resolve({ status: response.statusCode ?? 0, body: parseObject(Buffer.concat(chunks).toString("utf8")) });
      });
    });
    outgoing.once("timeout", () => {
      outgoing.destroy(new Error(`${description.armEndpoint} did not answer within ${timeout} ms`));
    });
    outgoing.once("error", reject);
    outgoing.end(content);
  });
}

/**
 * Like `call`, but requires a successful response.
 * @throws `Failure` with the error text of the control plane otherwise.
 */
export async function callOrFail(...parameters: Parameters<typeof call>): Promise<JsonObject> {
  const answer = await call(...parameters);
  if (answer.status >= 300) {
    throw new Failure(errorText(answer));
  }
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
  if (text === "") {
    return {};
  }
  const parsed = JSON.parse(text) as Json;
  return isObject(parsed) ? parsed : { value: parsed };
}
