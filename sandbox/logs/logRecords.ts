import type { JsonObject } from "../arm/model.ts";

/** One record of a resource log category, in the two forms Azure Monitor writes it in. */
export interface ResourceLogRecord {
  /** ARM id of the resource that emits the record. */
  readonly resourceId: string;
  /** E.g. `BastionAuditLogs`. */
  readonly category: string;
  /** The line in the storage archive. */
  readonly blobRecord: JsonObject;
  /** The workspace table that a `Dedicated` setting fills, and its row. */
  readonly table: string;
  readonly row: JsonObject;
}

/** An event of the activity log as the control plane records it (activity-log-schema.md, the REST form). */
export interface ActivityLogRecord {
  /** Category of the event: `Administrative`, `Security`, `ServiceHealth`... */
  readonly category: string;
  readonly blobRecord: JsonObject;
  readonly row: JsonObject;
}

/** One place a record went to. */
export type Delivery =
  | { readonly sink: "storage"; readonly accountId: string; readonly container: string; readonly blob: string }
  | { readonly sink: "workspace"; readonly workspaceId: string; readonly table: string }
  | { readonly sink: "storage" | "workspace"; readonly refused: string };

/** Carries log records to where the deployed diagnostic settings send them at that moment. */
export interface LogRouter {
  /**
   * Sends one resource log record.
   * @returns where it goes; with a log lag, where it will go if the settings stay as they are.
   */
  sendResourceLog(record: ResourceLogRecord): Promise<Delivery[]>;
  /** Sends one activity log event along the subscription's diagnostic settings. */
  sendActivity(record: ActivityLogRecord): Promise<Delivery[]>;
  /** Resolves once every record given so far has been written (those held back by a log lag excepted). */
  settle(): Promise<void>;
}
