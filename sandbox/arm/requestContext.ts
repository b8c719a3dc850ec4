import type { Clock } from "../clock.ts";
import type { ActivityEvent } from "./activityEvent.ts";
import type { Caller } from "./caller.ts";
import type { JsonObject } from "./json.ts";
import type { Resource, ResourceStore } from "./resource.ts";

/** What a rule can see and use while it handles one request. */
export interface RequestContext {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly caller: Caller;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly apiVersion: string;
  readonly correlationId: string;
  /** Records an event of an Azure service (see `ActivityEvent`). */
  recordActivity(event: ActivityEvent): void;
}

/**
 * A PUT, or a PATCH of more than tags (already merged with the existing body), for a type's rules to check and
 * complete.
 */
export interface PutContext extends RequestContext {
  readonly id: string;
  readonly name: string;
  /** Id of the parent resource of a child type (e.g. the virtual network of a subnet), or of the scope of an extension. */
  readonly parentId: string | undefined;
  /** The current resource, if this is an update. */
  readonly existing: Resource | undefined;
  /** The body of the request, already checked against the type's `shape`. */
  readonly body: JsonObject;
}

export interface DeleteContext extends RequestContext {
  readonly existing: Resource;
  /** The resource that the request deletes: `existing` itself, or one that contains it. */
  readonly root: Resource;
}

export interface ActionContext extends RequestContext {
  readonly resource: Resource;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a POST to a provider itself can see, not to a resource (`checkNameAvailability`). */
export interface ProviderActionContext extends RequestContext {
  readonly body: JsonObject;
}

/** What rules can use outside a request: when the control plane starts, and when a timer fires. */
export type Runtime = Pick<RequestContext, "store" | "clock" | "subscriptionId" | "tenantId" | "recordActivity">;
