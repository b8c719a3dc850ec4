import type { Caller, ServicePrincipal } from "./caller.ts";

/**
 * An event on the control plane, as recorded in the activity log (activity-log-schema.md). The core writes the
 * `BeginRequest`/`EndRequest` pair of every management write itself; rules add only events of Azure's services.
 */
export interface ActivityEvent {
  /** Scope of the operation: an ARM id. */
  readonly resourceId: string;
  /** For example `Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action`. */
  readonly operationName: string;
  readonly eventName: "BeginRequest" | "EndRequest";
  readonly status: "Started" | "Accepted" | "Succeeded" | "Failed";
  readonly caller: Caller | ServicePrincipal;
  readonly correlationId: string;
  readonly properties?: Readonly<Record<string, string>>;
}
