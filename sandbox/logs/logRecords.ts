import type { JsonObject } from "../arm/json.ts";

/** One record of a resource log category, in both forms that Azure Monitor writes. */
export interface ResourceLogRecord {
  /** ARM id of the resource that emits the record. */
  readonly resourceId: string;
  /** For example `BastionAuditLogs`. */
  readonly category: string;
  /** The line in the storage archive. */
  readonly blobRecord: JsonObject;
  /** The workspace table of a `Dedicated` setting, and its row. */
  readonly table: string;
  readonly row: JsonObject;
}

/** An event of the activity log in its exported forms (activity-log-schema.md). */
export interface ActivityLogRecord {
  /** Category of the event: `Administrative`, `Security`, `ServiceHealth`... */
  readonly category: string;
  readonly blobRecord: JsonObject;
  readonly row: JsonObject;
}

/** One destination of a record. */
export type Delivery =
  | { readonly sink: "storage"; readonly accountId: string; readonly container: string; readonly blob: string }
  | { readonly sink: "workspace"; readonly workspaceId: string; readonly table: string }
  | { readonly sink: "storage" | "workspace"; readonly refused: string };

/** Sends log records to the destinations of the diagnostic settings deployed at that time. */
export interface LogRouter {
  /**
   * Sends one resource log record.
   * @returns its destinations; with a log lag, those it will have if the settings do not change.
   */
  sendResourceLog(record: ResourceLogRecord): Promise<Delivery[]>;
  /** Sends one activity log event according to the subscription's diagnostic settings. */
  sendActivity(record: ActivityLogRecord): Promise<Delivery[]>;
  /** Resolves once all records so far have been written (except those delayed by a log lag). */
  settle(): Promise<void>;
}
