import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { SandboxIdentity } from "../identity.ts";
import { listen, type PortWish } from "../ports.ts";
import type { Tls } from "../tls.ts";
import { mayBeside } from "./access/authorize.ts";
import { NeededActions } from "./access/neededActions.ts";
import type { ActivityLog } from "./activityLog.ts";
import { admitAdmin, coreAdminRoutes, type AdminRoutes, type SettableClock } from "./admin.ts";
import { Catalog } from "./catalog.ts";
import type { DataPlane } from "./dataPlane.ts";
import { endDelete } from "./deletes.ts";
import { Faults } from "./faults.ts";
import { errorAnswer, jsonBody, readRequest, sendAnswer, type HttpAnswer, type HttpRequest } from "./http.ts";
import { answerLogin } from "./login.ts";
import { cloudMetadata } from "./metadata.ts";
import type { ActivityEvent } from "./activityEvent.ts";
import type { Clock } from "../clock.ts";
import type { JsonObject } from "./json.ts";
import type { TypeRules } from "./typeRules.ts";
import { ArmError } from "./armError.ts";
import { Operations, type Operation } from "./operations.ts";
import type { Plane } from "./plane.ts";
import { answerArm } from "./router.ts";
import { SoleWrites } from "./soleWrites.ts";
import type { SandboxStore } from "./store.ts";
import { Tokens } from "./tokens.ts";
import { endWrite } from "./writes.ts";

export type { AdminRoutes } from "./admin.ts";

export interface ArmServerOptions {
  readonly tls: Tls;
  readonly port?: PortWish;
  readonly store: SandboxStore;
  readonly clock: Clock & SettableClock;
  readonly types: readonly TypeRules[];
  readonly identity: SandboxIdentity;
  readonly activityLog: ActivityLog;
  readonly admin?: AdminRoutes;
  /** Token that a request to an admin route must carry. */
  readonly adminToken: string;
  /** Services that have their own hosts in Azure. */
  readonly dataPlanes?: readonly DataPlane[];
  /**
   * Duration of a long-running operation on the sandbox clock, in milliseconds. Can be changed later with `POST
   * /sandbox/delays`.
   */
  readonly operationDelayMs: number;
}

export interface ArmServer {
  /** `https://127.0.0.1:PORT`, without a trailing slash. */
  readonly endpoint: string;
  readonly port: number;
  /**
   * Whether the sender of a token for one of these audiences has a right outside Azure Resource Manager.
   * @throws ArmError if the token is not valid.
   */
  may(authorization: string, audiences: readonly string[], need: Parameters<typeof mayBeside>[2]): Promise<boolean>;
  /**
   * Stops listening, closes open connections and stops the timers of running operations, which continue after the next
   * start.
   */
  close(): Promise<void>;
}

/** Result of a request that a `drop` fault hits. */
const dropped = Symbol("dropped");

/**
 * Starts Azure Resource Manager and the login endpoint of one sandbox on 127.0.0.1. Carries out operations that were
 * running when it last stopped, and restores the timers of the types.
 * @throws Failure if the requested port is taken, Error if a type is defined twice.
 */
export async function startArmServer(options: ArmServerOptions): Promise<ArmServer> {
  const { store, clock, identity, activityLog } = options;
  const catalog = new Catalog(options.types);
  const tokens = await Tokens.open(store.documents("login"), identity);
  const faults = new Faults();
  const operations = new Operations(store.documents("operations"), clock, options.operationDelayMs, (operation) =>
    carryOut(plane, operation),
  );
  const server = createServer({ cert: options.tls.cert, key: options.tls.key, keepAliveTimeout: 65_000 });
  const port = await listen(server, options.port);
  const plane: Plane = {
    store,
    clock,
    catalog,
    identity,
    activityLog,
    operations,
    faults,
    soleWrites: new SoleWrites(),
    needs: new NeededActions(),
    endpoint: `https://127.0.0.1:${port}`,
  };
  const admin: AdminRoutes = {
    ...coreAdminRoutes({ clock, faults, operations, tokens, identity, needs: plane.needs }),
    ...options.admin,
  };
  const { adminToken, dataPlanes = [] } = options;
  const parts: Parts = { plane, tokens, admin, adminToken, dataPlanes };
  server.on("request", (message, response) => void handle(parts, message, response));
  server.on("upgrade", (message, socket, head) => {
    if (!dataPlanes.some((dataPlane) => dataPlane.upgrade?.(message, socket, head) === true)) socket.destroy();
  });
  operations.resume();
  const recordActivity = (event: ActivityEvent): void => void activityLog.record(event);
  for (const rules of options.types) {
    rules.resume?.({
      store,
      clock,
      recordActivity,
      subscriptionId: identity.subscriptionId,
      tenantId: identity.tenantId,
    });
  }
  return {
    endpoint: plane.endpoint,
    port,
    async may(authorization, audiences, need) {
      return mayBeside(plane, await tokens.authenticate(authorization, plane.endpoint, "127.0.0.1", audiences), need);
    },
    async close() {
      const closed = new Promise<void>((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
      await operations.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Parts that requests are answered with. */
interface Parts {
  readonly plane: Plane;
  readonly tokens: Tokens;
  readonly admin: AdminRoutes;
  readonly adminToken: string;
  readonly dataPlanes: readonly DataPlane[];
}

async function handle(parts: Parts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  // A client that disconnects before the response is not an error of the sandbox.
  response.on("error", () => undefined);
  // Time on the sandbox's clock, as from Azure: a client can detect from it that its own clock is wrong.
  response.setHeader("Date", parts.plane.clock.now().toUTCString());
  let request: HttpRequest;
  try {
    request = await readRequest(message);
  } catch (error) {
    const { method = "GET" } = message;
    sendAnswer(response, { method, requestId: "", correlationId: "", headers: {} }, errorAnswer(error));
    return;
  }
  const answer = await answerOrDrop(parts, request);
  if (answer === dropped) message.socket.destroy();
  else sendAnswer(response, request, answer);
}

async function answerOrDrop(parts: Parts, request: HttpRequest): Promise<HttpAnswer | typeof dropped> {
  const { plane } = parts;
  try {
    if (/^\/sandbox(\/|$)/.test(request.path)) return await answerAdmin(parts, request);
    const { method, path } = request;
    const fault = plane.faults.take(method, path, ["status", "drop", "delay"]);
    if (fault?.kind === "delay" && fault.after !== true) await plane.faults.hold(fault);
    if (fault?.kind === "drop" && fault.after !== true) return dropped;
    if (fault?.kind === "status") {
      const headers: Record<string, string> =
        fault.retryAfter === undefined ? {} : { "Retry-After": String(fault.retryAfter) };
      throw new ArmError(
        fault.status ?? 500,
        fault.code ?? "InternalServerError",
        fault.message ?? "The server encountered an error.",
        { headers },
      );
    }
    const answer = await answerAzure(parts, request);
    if (fault?.kind === "delay" && fault.after === true) await plane.faults.hold(fault);
    return fault?.kind === "drop" ? dropped : answer;
  } catch (error) {
    return errorAnswer(error);
  }
}

async function answerAzure({ plane, tokens, dataPlanes }: Parts, request: HttpRequest): Promise<HttpAnswer> {
  const { endpoint, identity, faults } = plane;
  const { method, path, remoteAddress } = request;
  if (request.path.toLowerCase() === "/metadata/endpoints") {
    return {
      status: 200,
      body: cloudMetadata(
        request.query.get("api-version") ?? "2015-01-01",
        endpoint,
        identity.tenantId,
        Object.assign({}, ...dataPlanes.map((dataPlane) => dataPlane.metadata(endpoint))) as JsonObject,
      ),
    };
  }
  for (const dataPlane of dataPlanes) {
    const answer = await dataPlane.answer(request, {
      endpoint,
      authenticate: (audiences, authorization = request.headers.authorization) =>
        tokens.authenticate(authorization, endpoint, remoteAddress, audiences),
      fault: (kind) => faults.take(method, path, [kind]),
    });
    if (answer !== undefined) return answer;
  }
  const login = await answerLogin(request, { endpoint, identity, tokens, store: plane.store });
  if (login !== undefined) return login;
  const caller = await tokens.authenticate(request.headers.authorization, endpoint, remoteAddress);
  return answerArm(plane, request, caller);
}

async function answerAdmin({ admin, adminToken }: Parts, request: HttpRequest): Promise<HttpAnswer> {
  admitAdmin(request, adminToken);
  const route = `${request.method} ${request.path}`;
  const answer = Object.hasOwn(admin, route) ? admin[route] : undefined;
  if (answer === undefined)
    throw new ArmError(
      404,
      "NotFound",
      `${route} not found. The sandbox has: ${Object.keys(admin).sort().join(", ")}.`,
    );
  return { status: 200, body: await answer({ body: jsonBody(request), query: request.query }) };
}

/** Carries out a long-running operation that is due, and writes its end to the activity log. */
async function carryOut(plane: Plane, operation: Operation): Promise<void> {
  const { resourceId, operationName, caller, correlationId } = operation;
  const end = (status: ActivityEvent["status"], statusCode: string): void => {
    plane.activityLog.record({
      resourceId,
      operationName,
      eventName: "EndRequest",
      status,
      caller,
      correlationId,
      properties: { statusCode },
    });
  };
  try {
    if (operation.kind === "write") endWrite(plane, operation);
    else if (operation.kind === "delete") await endDelete(plane, operation);
    else if (operation.failure !== undefined)
      throw new ArmError(500, operation.failure.code, operation.failure.message);
    end("Succeeded", "OK");
  } catch (error) {
    end("Failed", error instanceof ArmError ? error.code : "InternalServerError");
    throw error;
  }
}
