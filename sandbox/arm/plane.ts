import type { SandboxIdentity } from "../identity.ts";
import type { NeededActions } from "./access/neededActions.ts";
import type { ActivityLog } from "./activityLog.ts";
import type { Catalog } from "./catalog.ts";
import type { Faults } from "./faults.ts";
import type { HttpRequest } from "./http.ts";
import type { Caller } from "./caller.ts";
import { nameOf } from "./ids.ts";
import type { Clock } from "../clock.ts";
import type { RequestContext } from "./requestContext.ts";
import type { Resource, ResourceReader } from "./resource.ts";
import type { TypeRules } from "./typeRules.ts";
import type { Operations } from "./operations.ts";
import type { SoleWrites } from "./soleWrites.ts";
import type { SandboxStore } from "./store.ts";

/** The parts of the control plane that requests are answered with. */
export interface Plane {
  readonly store: SandboxStore;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly identity: SandboxIdentity;
  readonly activityLog: ActivityLog;
  readonly operations: Operations;
  readonly faults: Faults;
  readonly soleWrites: SoleWrites;
  readonly needs: NeededActions;
  /** `https://127.0.0.1:PORT` */
  readonly endpoint: string;
}

/** An authenticated request with a valid api-version. */
export interface ArmRequest {
  readonly http: HttpRequest;
  readonly caller: Caller;
  readonly apiVersion: string;
  readonly context: RequestContext;
}

/** Returns what rules can see on behalf of `caller`. */
export function contextFor(
  plane: Plane,
  request: { caller: Caller; apiVersion: string; correlationId: string },
): RequestContext {
  return {
    store: plane.store,
    clock: plane.clock,
    caller: request.caller,
    subscriptionId: plane.identity.subscriptionId,
    tenantId: plane.identity.tenantId,
    apiVersion: request.apiVersion,
    correlationId: request.correlationId,
    recordActivity: (event) => void plane.activityLog.record(event),
  };
}

/** Returns the stored resource, or one that exists without a PUT. */
export function findResource(reader: ResourceReader, rules: TypeRules, id: string): Resource | undefined {
  const stored = reader.get(id);
  if (stored !== undefined) return stored;
  // A resource that always exists has a name of its own (`blobServices/default`).
  const implied = rules.name.pattern.test(nameOf(id)) ? rules.implied?.(id, reader) : undefined;
  if (implied === undefined) return undefined;
  return {
    ...implied,
    etag: "00000000-0000-0000-0000-000000000000",
    createdAt: "2020-01-01T00:00:00.000Z",
    changedAt: "2020-01-01T00:00:00.000Z",
  };
}
