import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import type { SandboxIdentity } from "../../../sandbox/identity.ts";
import { ensureTls } from "../../../sandbox/tls.ts";

export const identity: SandboxIdentity = {
  subscriptionId: "11111111-1111-4111-8111-111111111111",
  tenantId: "22222222-2222-4222-8222-222222222222",
  clientId: "33333333-3333-4333-8333-333333333333",
  clientSecret: "not-a-real-secret",
};

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly apiVersion: string | null;
  readonly authorization: string | undefined;
  readonly body: JsonObject | undefined;
}

/** What to do instead of the ordinary answer. `drop` closes the connection without one. */
export type Fault = { status: number; headers?: Record<string, string>; body?: JsonObject } | "drop";

/** ARM reduced to what the bridge's own rules need: resources as they were put, tokens, and faults on demand. */
export interface FakeArm {
  readonly endpoint: string;
  readonly ca: string;
  /** Lets a resource exist. */
  hold(resource: JsonObject & { id: string }): void;
  /** Every request in order, without those for tokens. */
  readonly seen: Seen[];
  /** Answers to come for a method and a path, used up in order. */
  fault(method: string, path: string, ...faults: Fault[]): void;
  tokens: number;
  /** Connections that were ever opened. */
  sockets: number;
  remove(): Promise<void>;
}

export async function startFakeArm(): Promise<FakeArm> {
  const directory = mkdtempSync(join(tmpdir(), "bridge-"));
  const tls = await ensureTls(directory);
  const faults = new Map<string, Fault[]>();
  const resources = new Map<string, JsonObject>();
  const fake: Omit<FakeArm, "endpoint" | "remove"> = {
    ca: tls.ca,
    hold: (resource) => void resources.set(resource.id.toLowerCase(), resource),
    seen: [],
    tokens: 0,
    sockets: 0,
    fault: (method, path, ...more) => {
      const key = `${method} ${path.toLowerCase()}`;
      faults.set(key, [...(faults.get(key) ?? []), ...more]);
    },
  };
  const server = createServer({ cert: tls.cert, key: tls.key }, (request, response) => {
    void readBody(request).then((text) => {
      answer(fake, { faults, resources }, request, response, text);
    });
  });
  server.on("secureConnection", () => {
    fake.sockets += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(fake, {
    endpoint: `https://127.0.0.1:${port}`,
    remove: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          rmSync(directory, { recursive: true });
          resolve();
        });
      }),
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function answer(
  fake: Omit<FakeArm, "endpoint" | "remove">,
  { faults, resources }: { faults: Map<string, Fault[]>; resources: Map<string, JsonObject> },
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
): void {
  const url = new URL(request.url ?? "/", "https://fake");
  const send = (status: number, body?: JsonObject, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body === undefined ? "" : JSON.stringify(body));
  };
  if (url.pathname.endsWith("/oauth2/v2.0/token")) {
    const form = new URLSearchParams(text);
    if (form.get("client_secret") !== identity.clientSecret) {
      send(401, { error: "invalid_client" });
      return;
    }
    fake.tokens += 1;
    const claims = Buffer.from(JSON.stringify({ oid: "oid-1", aud: form.get("scope") })).toString("base64url");
    send(200, { access_token: `h.${claims}.s${fake.tokens}`, expires_in: 3600, token_type: "Bearer" });
    return;
  }
  const method = request.method ?? "";
  const body = text === "" ? undefined : (JSON.parse(text) as JsonObject);
  const id = url.pathname.toLowerCase();
  fake.seen.push({
    method,
    path: url.pathname,
    apiVersion: url.searchParams.get("api-version"),
    authorization: request.headers.authorization,
    body,
  });
  const fault = faults.get(`${method} ${id}`)?.shift();
  if (fault === "drop") {
    request.socket.destroy();
    return;
  }
  if (fault !== undefined) {
    send(fault.status, fault.body, fault.headers);
    return;
  }
  const held = resources.get(id);
  if (method === "PUT") {
    const name = decodeURIComponent(url.pathname.split("/").at(-1) ?? "");
    const stored: JsonObject = { id: url.pathname, name, type: "Fake/type", ...body };
    resources.set(id, stored);
    send(held === undefined ? 201 : 200, stored);
  } else if (method === "DELETE") {
    resources.delete(id);
    send(held === undefined ? 204 : 200);
  } else if (held === undefined) {
    send(404, { error: { code: "ResourceNotFound", message: `${url.pathname} was not found.` } });
  } else send(200, held);
}

/** The string under a member; fails the test when it is none. */
export function text(values: JsonObject | undefined, member: string): string {
  const value = values?.[member];
  assert.equal(typeof value, "string", `${member} is ${JSON.stringify(value)}`);
  return value as string;
}
