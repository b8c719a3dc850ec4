import type { ActivityEvent, JsonObject, ServicePrincipal } from "./model.ts";

/** The HTTP request behind an event, as the activity log shows it. */
export interface ActivityRequest {
  readonly clientRequestId: string;
  readonly method: string;
  /** Full URL. */
  readonly uri: string;
}

/** One event of the activity log, in the wire form of `eventtypes/management/values` (activity-log-schema.md). */
export interface ActivityEntry {
  readonly eventDataId: string;
  /** ISO 8601 UTC on the sandbox clock. */
  readonly eventTimestamp: string;
  readonly correlationId: string;
  readonly resourceId: string;
  readonly wire: JsonObject;
}

export interface ActivityLog {
  /** Records the event at the present time of the sandbox clock. Durable once it returns. */
  record(event: ActivityEvent, request?: ActivityRequest): ActivityEntry;
  /** Tells `listener` each event after it is recorded. @returns a function that ends this. */
  onEvent(listener: (entry: ActivityEntry) => void): () => void;
  close(): void;
}

export type Actor = ActivityEvent["caller"] | ServicePrincipal;
