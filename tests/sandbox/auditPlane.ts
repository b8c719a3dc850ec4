import { join } from "node:path";
import type { ActivityEntry } from "../../sandbox/arm/activityEntry.ts";
import { textAt, type JsonObject } from "../../sandbox/arm/json.ts";
import type { ArmServer } from "../../sandbox/arm/server.ts";
import { resourceTypes } from "../../sandbox/arm/types/index.ts";
import { auditAdminRoutes } from "../../sandbox/bastion/adminRoutes.ts";
import { nativeClientService } from "../../sandbox/bastion/nativeClient.ts";
import { createBastionSessions, type BastionSessions } from "../../sandbox/bastion/sessions.ts";
import { startBlobServer } from "../../sandbox/blobs/blobServer.ts";
import type { BlobServer } from "../../sandbox/blobs/blobService.ts";
import { createFlowRecorder } from "../../sandbox/flows/flowRecorder.ts";
import { forwardActivity } from "../../sandbox/logs/activityRecords.ts";
import type { LogRouter } from "../../sandbox/logs/logRecords.ts";
import { createLogRouter } from "../../sandbox/logs/logRouter.ts";
import { LogTables } from "../../sandbox/logs/logTables.ts";
import { startTestPlane, type PlaneContents, type PlaneParts, type TestPlane } from "./arm/plane.ts";

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** A control plane with the blob server, the log router and Bastion's data plane, and a client of it. */
export interface AuditPlane extends PlaneParts {
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

type Services = Pick<AuditPlane, "blobs" | "router" | "sessions" | "events">;

async function servicesOf(parts: PlaneParts): Promise<{ services: Services; contents: PlaneContents }> {
  const { directory, identity, tls, clock, store, activityLog } = parts;
  const failures: unknown[] = [];
  const onError = (error: unknown): void => void failures.push(error);
  const may = (): Promise<boolean> => Promise.resolve(true);
  const blobs = await startBlobServer({ directory: join(directory, "blobs"), tls, store, clock, may, onError });
  const { subscriptionId } = identity;
  const router = createLogRouter({ directory, store, clock, blobs, subscriptionId, onError });
  const documents = store.documents("bastionSessions");
  const flows = createFlowRecorder({ directory, store, clock, blobs, documents: store.documents("flows"), onError });
  const sessions = createBastionSessions({ store, clock, router, flows, documents, onError });
  const events: ActivityEntry[] = [];
  const endRecording = activityLog.onEvent((entry) => void events.push(entry));
  const endForwarding = forwardActivity(activityLog, router, onError);
  const contents: PlaneContents = {
    types: await resourceTypes({
      bastion: sessions.actions,
      blobs,
      endpoint: () => "https://127.0.0.1:8443",
    }),
    admin: auditAdminRoutes({ directory, store, sessions, router }),
    dataPlanes: [nativeClientService(sessions)],
    async end() {
      endForwarding();
      endRecording();
      await router.settle();
    },
    async afterwards() {
      await blobs.close();
      if (failures.length > 0) throw new AggregateError(failures, "Logs were lost.");
    },
  };
  return { services: { blobs, router, sessions, events }, contents };
}

export async function startAuditPlane(options: { directory?: string } = {}): Promise<AuditPlane> {
  let services: Services | undefined;
  const plane = await startTestPlane(
    async (parts) => {
      const made = await servicesOf(parts);
      services = made.services;
      return made.contents;
    },
    options.directory === undefined ? {} : { directory: options.directory },
  );
  if (services === undefined) throw new Error("The plane has started without its services.");
  services.sessions.resume();
  const group = `${plane.subscription}/resourceGroups/rg-access`;
  const audit: AuditPlane = {
    ...plane,
    ...services,
    tables: new LogTables(plane.directory),
    arm: plane.server,
    group,
    send: (method, id, apiVersion, body, headers) => sendToEnd(plane, method, versioned(id, apiVersion), body, headers),
    async sendAs(user, method, id, apiVersion, body) {
      const { body: token } = await plane.admin("POST", "/sandbox/token", { user });
      const authorization = `Bearer ${textAt(token, "access_token") ?? ""}`;
      return await sendToEnd(plane, method, versioned(id, apiVersion), body, { authorization });
    },
    async restart() {
      await plane.stop();
      return await startAuditPlane({ directory: plane.directory });
    },
  };
  if (options.directory === undefined) await audit.send("PUT", group, "2024-03-01", { location: "westeurope" });
  return audit;
}

function versioned(id: string, apiVersion: string): string {
  return `${id}${id.includes("?") ? "&" : "?"}api-version=${apiVersion}`;
}

/** Sends, and follows an action to its end. Operations take no time here, so one turn of the clock carries them out. */
async function sendToEnd(
  plane: TestPlane,
  method: string,
  path: string,
  body?: JsonObject,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await plane.send(method, path, body, headers);
  await plane.clock.advance(1);
  const { location } = answer.headers;
  if (method !== "POST" || answer.status !== 202 || location === undefined) {
    return { status: answer.status, body: answer.body };
  }
  const result = await plane.send("GET", location, undefined, headers);
  return { status: result.status, body: result.body };
}
