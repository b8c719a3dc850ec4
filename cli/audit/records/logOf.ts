import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { auditTableName } from "@bastion-trail/core/links/kql";
import { isObject, textOf, type Members } from "./values.ts";

/** The log that an entry is of. */
export interface Log {
  readonly kind: "audit" | "activity" | "other";
  /** Name of the category or table, as the entry spells it. */
  readonly name: string;
}

/** Categories of the activity log (azure-monitor-docs, activity-log-schema.md, "Categories"), and its table. */
const activityNames: ReadonlySet<string> = new Set([
  "administrative",
  "servicehealth",
  "resourcehealth",
  "alert",
  "autoscale",
  "recommendation",
  "security",
  "policy",
  "azureactivity",
]);

/** Metrics that a diagnostic setting archives have no category (azure-monitor-docs, essentials/stream-monitoring-data). */
const metrics = "AllMetrics";

/** When an entry of any log was written, whether a service, a table or PowerShell names it. */
const times = ["time", "timegenerated", "eventtimestamp"] as const;

/**
 * The log that an entry says it is of, by its category (resource logs, activity log) or its table. `undefined` where it does not
 * say, and for what has no time: that is no entry of another log.
 */
export function logOf(members: Members): Log | undefined {
  const name =
    wordIn(members.get("category")) ??
    wordIn(members.get("categoryvalue")) ??
    wordIn(members.get("type")) ??
    (members.has("metricname") ? metrics : null);
  if (name === null) {
    return undefined;
  }
  const word = name.toLowerCase();
  if (word === auditCategory.toLowerCase() || word === auditTableName.toLowerCase()) {
    return { kind: "audit", name };
  }
  if (times.every((time) => textOf(members.get(time)) === null)) {
    return undefined;
  }
  return { kind: activityNames.has(word) ? "activity" : "other", name };
}

/** A text, or the object with a `value` and a text for people that the activity log has in its place. */
function wordIn(value: unknown): string | null {
  if (!isObject(value)) {
    return textOf(value);
  }
  const [, word] = Object.entries(value).find(([key]) => key.toLowerCase() === "value") ?? [];
  return textOf(word);
}
