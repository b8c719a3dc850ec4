import { createHttpHeaders, RestError, type HttpClient, type PipelineRequest } from "@azure/core-rest-pipeline";
import { Agent, type Dispatcher } from "undici";

/**
 * Returns a client for Azure's pipeline that sends requests with undici. For a small response, that takes less of the processor's
 * time than Azure's own client, which uses `node:https`, and leaves half as much garbage.
 * @param proxied sends requests that the pipeline's policy for proxies has given an agent.
 * @param ca PEM of the certification authority to trust instead of Node's own.
 */
export function undiciClient(proxied: HttpClient, ca: string | undefined): HttpClient {
  const dispatcher = new Agent(ca === undefined ? {} : { connect: { ca } });
  return {
    sendRequest: (request) =>
      request.agent === undefined ? sendWith(dispatcher, request) : proxied.sendRequest(request),
  };
}

async function sendWith(dispatcher: Dispatcher, request: PipelineRequest): ReturnType<HttpClient["sendRequest"]> {
  const { origin, pathname, search } = new URL(request.url);
  try {
    const { statusCode, headers, body } = await dispatcher.request({
      origin,
      path: `${pathname}${search}`,
      method: request.method,
      headers: request.headers.toJSON(),
      signal: request.abortSignal,
    });
    const response = { request, status: statusCode, headers: createHttpHeaders(joined(headers)) };
    return request.streamResponseStatusCodes?.has(statusCode) === true
      ? { ...response, readableStreamBody: body }
      : { ...response, bodyAsText: await body.text() };
  } catch (error) {
    if (request.abortSignal?.aborted === true || !(error instanceof Error)) throw error;
    const code = "code" in error && typeof error.code === "string" ? error.code : RestError.REQUEST_SEND_ERROR;
    throw new RestError(error.message, { code, request });
  }
}

/** Joins the values of repeated headers. */
function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat().join(", ")]));
}
