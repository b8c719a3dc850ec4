import type { LogResult, Unread, Unreadable } from "../records/types.ts";
import { unreadLog } from "./logSight.ts";
import type { Access } from "./readAccess.ts";
import type { LogCoverage, TrailLog } from "./types.ts";

/** What the trail rests on, of the results of its logs. */
export function collectTrailLogs(
  audit: LogResult,
  access: Access,
): {
  readonly unreadable: readonly Unreadable[];
  readonly unread: Unread;
  readonly logs: Readonly<Record<TrailLog, LogCoverage>>;
} {
  const places = [...audit.unreadable, ...access.unreadable].map((one) => [JSON.stringify(one), one] as const);
  // A folder is read once for each log, and what is damaged in it is found each time.
  const unreadable = [...new Map(places).values()];
  const twice = places.length - unreadable.length;
  return {
    unreadable,
    unread: {
      lost: Math.max(audit.unread.lost + access.unread.lost - twice, 0),
      aside: audit.unread.aside + access.unread.aside,
    },
    logs: { audit: auditCoverage(audit), activity: access.coverage, flows: unreadLog },
  };
}

function auditCoverage({ coverage }: LogResult): LogCoverage {
  const { from, receivedUntil, lastRecord, recordsRead } = coverage;
  return recordsRead === 0
    ? unreadLog
    : { state: "read", from, until: receivedUntil ?? lastRecord, gaps: [], recordsRead, lastRecord };
}
