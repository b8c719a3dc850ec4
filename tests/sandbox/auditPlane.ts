import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, fetch } from "undici";
import { textAt } from "../../sandbox/arm/bodies.ts";
import type { ActivityEntry } from "../../sandbox/arm/activityEntry.ts";
import { openActivityLog } from "../../sandbox/arm/activityLog.ts";
import type { JsonObject } from "../../sandbox/arm/model.ts";
import { startArmServer } from "../../sandbox/arm/server.ts";
import type { ArmServer } from "../../sandbox/arm/server.ts";
import type { SandboxStore } from "../../sandbox/arm/store.ts";
import { openStore } from "../../sandbox/arm/store.ts";
import { resourceTypes } from "../../sandbox/arm/types/index.ts";
import { auditAdminRoutes } from "../../sandbox/bastion/adminRoutes.ts";
import type { BastionSessions } from "../../sandbox/bastion/sessions.ts";
import { nativeClientService } from "../../sandbox/bastion/nativeClient.ts";
import { createBastionSessions } from "../../sandbox/bastion/sessions.ts";
import { startBlobServer } from "../../sandbox/blobs/blobServer.ts";
import type { BlobServer } from "../../sandbox/blobs/blobService.ts";
import { SandboxClock } from "../../sandbox/clock.ts";
import type { SandboxIdentity } from "../../sandbox/identity.ts";
import { ensureIdentity } from "../../sandbox/identity.ts";
import { forwardActivity } from "../../sandbox/logs/activityRecords.ts";
import type { LogRouter } from "../../sandbox/logs/logRecords.ts";
import { createFlowRecorder } from "../../sandbox/flows/flowRecorder.ts";
import { createLogRouter } from "../../sandbox/logs/logRouter.ts";
import { LogTables } from "../../sandbox/logs/logTables.ts";
import type { Tls } from "../../sandbox/tls.ts";
import { ensureTls } from "../../sandbox/tls.ts";
import { adminToken } from "./arm/plane.ts";

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** A control plane with the blob server, the log router and Bastion's data plane, and a client of it. */
export interface AuditPlane {
  readonly directory: string;
  readonly identity: SandboxIdentity;
  readonly tls: Tls;
  readonly clock: SandboxClock;
  readonly store: SandboxStore;
  readonly blobs: BlobServer;
  readonly router: LogRouter;
  readonly sessions: BastionSessions;
  readonly tables: LogTables;
  readonly arm: ArmServer;
  readonly events: ActivityEntry[];
  /** Id of the resource group, which exists. */
  readonly group: string;
  send(
    method: string,
    id: string,
    apiVersion: string,
    body?: JsonObject,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Sends as a person. */
  sendAs(user: string, method: string, id: string, apiVersion: string, body?: JsonObject): Promise<Answer>;
  admin(method: string, path: string, body?: JsonObject): Promise<Answer>;
  restart(): Promise<AuditPlane>;
  remove(): Promise<void>;
}

export async function startAuditPlane(options: { directory?: string; lagMs?: number } = {}): Promise<AuditPlane> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "bastion-trail-audit-"));
  const identity = ensureIdentity(directory);
  const tls = await ensureTls(directory);
  const clock = new SandboxClock({ directory });
  const store = openStore(directory, clock);
  const activityLog = openActivityLog({ directory, clock, tenantId: identity.tenantId });
  const failures: unknown[] = [];
  const onError = (error: unknown): void => void failures.push(error);
  const blobs = await startBlobServer({ directory: join(directory, "blobs"), tls, store, clock, onError });
  const router = createLogRouter({
    directory,
    store,
    clock,
    blobs,
    subscriptionId: identity.subscriptionId,
    onError,
    ...(options.lagMs === undefined ? {} : { lagMs: options.lagMs }),
  });
  const documents = store.documents("bastionSessions");
  const flows = createFlowRecorder({ directory, store, clock, blobs, documents: store.documents("flows"), onError });
  const sessions = createBastionSessions({ store, clock, router, flows, documents, onError });
  const events: ActivityEntry[] = [];
  const endRecording = activityLog.onEvent((entry) => void events.push(entry));
  const endForwarding = forwardActivity(activityLog, router, onError);
  const arm = await startArmServer({
    tls,
    store,
    clock,
    identity,
    activityLog,
    operationDelayMs: 0,
    types: await resourceTypes({
      bastion: sessions.actions,
      bastionDnsName: "127.0.0.1:8443",
      blobs,
      vaultDomain: "vault.example",
    }),
    admin: auditAdminRoutes({ directory, store, sessions, router }),
    adminToken,
    dataPlanes: [nativeClientService(sessions)],
  });
  sessions.resume();
  const dispatcher = new Agent({ connect: { ca: tls.ca } });
  const raw = async (
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Answer & { headers: Headers }> => {
    const response = await fetch(`${arm.endpoint}${path}`, {
      method,
      headers,
      dispatcher,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const answer = text === "" ? {} : (JSON.parse(text) as JsonObject);
    return { status: response.status, body: answer, headers: response.headers as unknown as Headers };
  };
  const group = `/subscriptions/${identity.subscriptionId}/resourceGroups/rg-access`;
  let application: Promise<string> | undefined;
  const sendWith = async (
    token: string,
    method: string,
    id: string,
    apiVersion: string,
    body?: JsonObject,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const answer = await raw(method, `${id}${id.includes("?") ? "&" : "?"}api-version=${apiVersion}`, json, {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      ...headers,
    });
    // Operations take no time here, so their end is due at once; one turn of the clock carries them out.
    await clock.advance(1);
    const location = answer.headers.get("location");
    if (method !== "POST" || answer.status !== 202 || location === null) {
      return { status: answer.status, body: answer.body };
    }
    const { pathname, search } = new URL(location);
    const result = await raw("GET", `${pathname}${search}`, undefined, { authorization: `Bearer ${token}` });
    return { status: result.status, body: result.body };
  };
  const stop = async (): Promise<void> => {
    endForwarding();
    endRecording();
    await router.settle();
    await dispatcher.close();
    await arm.close();
    await clock.close();
    await blobs.close();
    activityLog.close();
    store.close();
    if (failures.length > 0) throw new AggregateError(failures, "Logs were lost.");
  };
  const plane: AuditPlane = {
    directory,
    identity,
    tls,
    clock,
    store,
    blobs,
    router,
    sessions,
    tables: new LogTables(directory),
    arm,
    events,
    group,
    async send(method, id, apiVersion, body, headers) {
      application ??= applicationToken(raw, identity);
      return await sendWith(await application, method, id, apiVersion, body, headers);
    },
    async sendAs(user, method, id, apiVersion, body) {
      const { body: token } = await plane.admin("POST", "/sandbox/token", { user });
      return await sendWith(textAt(token, "access_token") ?? "", method, id, apiVersion, body);
    },
    async admin(method, path, body) {
      const json = body === undefined ? undefined : JSON.stringify(body);
      const { status, body: answer } = await raw(method, path, json, { authorization: `Bearer ${adminToken}` });
      return { status, body: answer };
    },
    async restart() {
      await stop();
      return await startAuditPlane({ ...options, directory });
    },
    async remove() {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  if (options.directory === undefined) {
    await plane.send("PUT", group, "2024-03-01", { location: "westeurope" });
  }
  return plane;
}

async function applicationToken(
  raw: (method: string, path: string, body: string, headers: Record<string, string>) => Promise<Answer>,
  identity: SandboxIdentity,
): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: identity.clientId,
    client_secret: identity.clientSecret,
    scope: "https://management.azure.com/.default",
  });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const { body } = await raw("POST", `/${identity.tenantId}/oauth2/v2.0/token`, form.toString(), headers);
  return textAt(body, "access_token") ?? "";
}

/** The status, code and message of a refusal. */
export function refusal({ status, body }: Answer): [number, unknown, unknown] {
  const error = body.error as JsonObject | undefined;
  return [status, error?.code, error?.message];
}
