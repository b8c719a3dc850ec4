import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, fetch } from "undici";
import { openActivityLog, type ActivityLog } from "../../../sandbox/arm/activityLog.ts";
import type { DataPlane } from "../../../sandbox/arm/dataPlane.ts";
import type { Json, JsonObject } from "../../../sandbox/arm/json.ts";
import type { ObjectField } from "../../../sandbox/arm/field.ts";
import type { TypeRules } from "../../../sandbox/arm/typeRules.ts";
import locks from "../../../sandbox/arm/types/authorization/locks.ts";
import { startArmServer, type AdminRoutes, type ArmServer } from "../../../sandbox/arm/server.ts";
import { openStore, type SandboxStore } from "../../../sandbox/arm/store.ts";
import { SandboxClock } from "../../../sandbox/clock.ts";
import { ensureIdentity, type SandboxIdentity } from "../../../sandbox/identity.ts";
import { ensureTls, type Tls } from "../../../sandbox/tls.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** A control plane under test, with the client that its tests speak through. */
export interface TestPlane {
  readonly directory: string;
  readonly identity: SandboxIdentity;
  readonly tls: Tls;
  readonly clock: SandboxClock;
  readonly store: SandboxStore;
  readonly activityLog: ActivityLog;
  readonly server: ArmServer;
  /** `/subscriptions/{id}` */
  readonly subscription: string;
  /** Sends as the application, also to a URL of an answer; `path` without an api-version gets `2024-01-01`. */
  send(method: string, path: string, body?: JsonObject, headers?: Record<string, string>): Promise<Answer>;
  /** Calls one of the sandbox's own routes with its admin token. */
  admin(method: string, path: string, body?: JsonObject): Promise<Answer>;
  /** Sends without a token. */
  raw(method: string, path: string, body?: string | Blob, headers?: Record<string, string>): Promise<Answer>;
  /** Stops the control plane; its folder stays. */
  stop(): Promise<void>;
  /** Stops the control plane and starts it again on the same folder. */
  restart(): Promise<TestPlane>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

let sharedTls: { directory: string; tls: Promise<Tls> } | undefined;

/** What opens the admin routes of the planes and sandboxes under test. */
export const adminToken = "admin-token-of-the-tests";

/** One set of certificates for all tests: making RSA keys takes longer than most of them. */
function tlsForTests(): Promise<Tls> {
  if (sharedTls === undefined) {
    const directory = mkdtempSync(join(tmpdir(), "bastion-trail-tls-"));
    sharedTls = { directory, tls: ensureTls(directory) };
    process.once("exit", () => {
      rmSync(directory, { recursive: true, force: true });
    });
  }
  return sharedTls.tls;
}

/** What a plane consists of before its server starts. */
export type PlaneParts = Pick<TestPlane, "directory" | "identity" | "tls" | "clock" | "store" | "activityLog">;

/** What the server answers with, and what is to end before its clients go and after its clock has stopped. */
export interface PlaneContents {
  readonly types: readonly TypeRules[];
  readonly admin?: AdminRoutes;
  readonly dataPlanes?: readonly DataPlane[];
  readonly end?: () => Promise<void>;
  readonly afterwards?: () => Promise<void>;
}

export async function startTestPlane(
  contents: readonly TypeRules[] | ((parts: PlaneParts) => PlaneContents | Promise<PlaneContents>),
  options: { operationDelayMs?: number; directory?: string } = {},
): Promise<TestPlane> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "bastion-trail-arm-"));
  const identity = ensureIdentity(directory);
  const tls = await tlsForTests();
  const clock = new SandboxClock({ directory });
  const store = openStore(directory, clock);
  const activityLog = openActivityLog({ directory, clock, tenantId: identity.tenantId });
  const parts: PlaneParts = { directory, identity, tls, clock, store, activityLog };
  const { end, afterwards, ...answers }: PlaneContents =
    typeof contents === "function" ? await contents(parts) : { types: contents };
  const server = await startArmServer({
    ...parts,
    ...answers,
    operationDelayMs: options.operationDelayMs ?? 0,
    adminToken,
  });
  const dispatcher = new Agent({ connect: { ca: tls.ca } });
  const raw: TestPlane["raw"] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${server.endpoint}${path}`, {
      method,
      headers,
      dispatcher,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: text === "" ? {} : (JSON.parse(text) as JsonObject),
    };
  };
  let token: Promise<string> | undefined;
  const stop = async (): Promise<void> => {
    await end?.();
    await dispatcher.close();
    await server.close();
    await clock.close();
    await afterwards?.();
    activityLog.close();
    store.close();
  };
  return {
    ...parts,
    server,
    subscription: `/subscriptions/${identity.subscriptionId}`,
    raw,
    admin: (method, path, body) =>
      raw(method, path, body === undefined ? undefined : JSON.stringify(body), {
        authorization: `Bearer ${adminToken}`,
      }),
    async send(method, url, body, headers = {}) {
      token ??= applicationToken(raw, identity);
      const path = url.replace(/^https:\/\/[^/]+/, "");
      const versioned = path.includes("api-version=")
        ? path
        : `${path}${path.includes("?") ? "&" : "?"}api-version=2024-01-01`;
      const json = body === undefined ? undefined : JSON.stringify(body);
      return raw(method, versioned, json, {
        authorization: `Bearer ${await token}`,
        "content-type": "application/json",
        ...headers,
      });
    },
    stop,
    async restart() {
      await stop();
      return startTestPlane(contents, { ...options, directory });
    },
    async remove() {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A refusal in one line: its status, code and message. */
export function refusalOf({ status, body }: Pick<Answer, "status" | "body">): string {
  const { code, message } = (body.error ?? {}) as { code?: string; message?: string };
  return `${status} ${code}: ${message}`;
}

/** Asks the token endpoint for a token for ARM, as a client does. */
async function applicationToken(raw: TestPlane["raw"], identity: SandboxIdentity): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: identity.clientId,
    client_secret: identity.clientSecret,
    scope: "https://management.azure.com/.default",
  });
  const answer = await raw("POST", `/${identity.tenantId}/oauth2/v2.0/token`, form.toString(), {
    "content-type": "application/x-www-form-urlencoded",
  });
  return text(answer.body.access_token);
}

/** A member that must be a string. */
export function text(value: Json | undefined): string {
  if (typeof value !== "string") throw new Error(`${JSON.stringify(value)} is no string.`);
  return value;
}

const apiVersions = ["2023-01-01", "2024-01-01"];

/** Rules of a resource type, all defaults but for what the test is about. */
export function rulesOf(type: string, own: Partial<TypeRules> = {}): TypeRules {
  return {
    type,
    apiVersions,
    etag: true,
    scope: "resourceGroup",
    name: {
      pattern: /^[\w.-]{1,40}$/,
      code: "InvalidResourceName",
      message: (name) => `Resource name ${name} is invalid.`,
    },
    location: "required",
    shape: shapeOf({ properties: { kind: "any" } }),
    put: "sync",
    delete: "sync",
    ...own,
  };
}

export function shapeOf(members: ObjectField["members"]): ObjectField {
  return {
    kind: "object",
    members: { location: { kind: "string" }, tags: { kind: "map", of: { kind: "string" } }, ...members },
  };
}

/** Resource groups and management locks, as every test of a scope needs them. */
export function scopeTypes(): TypeRules[] {
  return [
    rulesOf("Microsoft.Resources/resourceGroups", {
      scope: "subscription",
      delete: "async",
      patch: { of: "body", completion: "sync" },
    }),
    { ...locks, apiVersions },
  ];
}
