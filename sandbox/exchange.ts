import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * Sends one HTTPS request.
 * @throws Error if there is no response, or only a part of one.
 */
export async function exchange(url: URL, options: RequestOptions, content = ""): Promise<HttpAnswer> {
  const sent = request(url, options);
  sent.setHeader("content-length", Buffer.byteLength(content));
  sent.on("timeout", () => {
    sent.destroy(new Error(`${url.origin} did not answer within ${options.timeout ?? 0} ms`));
  });
  const received = once(sent, "response") as Promise<[IncomingMessage]>;
  // From the response on, an error reaches the reader of its body.
  sent.on("error", () => undefined);
  sent.end(content);
  const [response] = await received;
  const headers = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(headers), text: await text(response) };
}
