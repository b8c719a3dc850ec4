import {
  activityLogContainerName,
  auditContainerName,
  flowLogContainerName,
} from "@bastion-trail/core/links/archivePath";
import { blobPath } from "../records/blobHour.ts";
import type { TrailLog } from "./types.ts";

/** A blob of a subscription's activity log. */
const subscriptionBlob = /resourceid=\/subscriptions\/([^/]+)\/y=/i;

/**
 * Containers of the logs, then the folders below them, which a download may have alone (azure-monitor-docs,
 * platform/resource-logs.md and activity-log.md; azure-docs, vnet-flow-logs-overview.md).
 */
const forms: readonly (readonly [form: RegExp, log: TrailLog | "other"])[] = [
  [new RegExp(auditContainerName, "i"), "audit"],
  [new RegExp(activityLogContainerName, "i"), "activity"],
  [new RegExp(flowLogContainerName, "i"), "flows"],
  [/insights-(?:logs|metrics)-/i, "other"],
  [/\/microsoft\.network\/bastionhosts\/[^/]+\/y=/i, "audit"],
  [/flowlogresourceid=/i, "flows"],
  [subscriptionBlob, "activity"],
];

/** Returns the log of a blob or its copy by its path; `undefined` if the path does not tell. */
export function blobLog(path: string): TrailLog | "other" | undefined {
  const name = blobPath(path);
  return forms.find(([form]) => form.test(name))?.[1];
}

/** Returns the id of the subscription whose activity log a blob has, by its path; `undefined` if the path does not tell. */
export function blobSubscription(path: string): string | undefined {
  return subscriptionBlob.exec(blobPath(path))?.[1];
}

/** Returns whether a blob may be of a log. */
export function mayBeOf(log: TrailLog, path: string): boolean {
  const found = blobLog(path);
  return found === undefined || found === log;
}
