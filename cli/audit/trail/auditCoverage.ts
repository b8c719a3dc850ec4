import type { LogResult, Unread, Unreadable } from "../records/types.ts";
import { unreadLog } from "./logSight.ts";
import type { Access } from "./readAccess.ts";
import type { LogCoverage, TrailLog } from "./types.ts";

/** What a trail is based on, and what could not be read. */
export interface TrailRests {
  readonly unreadable: readonly Unreadable[];
  readonly unread: Unread;
  readonly logs: Readonly<Record<TrailLog, LogCoverage>>;
}

interface FlowResult {
  readonly coverage: LogCoverage;
  readonly unreadable: readonly Unreadable[];
  readonly unread: Unread;
}

export function trailLogs(audit: Omit<LogResult, "sessions">, access: Access, flows: FlowResult): TrailRests {
  const places = [...audit.unreadable, ...access.unreadable, ...flows.unreadable];
  // A folder is read once per log, so the same damage is found several times.
  const unreadable = [...new Map(places.map((one) => [JSON.stringify(one), one])).values()];
  const unread = [audit.unread, access.unread, flows.unread];
  const sum = (what: keyof Unread): number => unread.reduce((total, one) => total + one[what], 0);
  return {
    unreadable,
    unread: { lost: Math.max(sum("lost") - (places.length - unreadable.length), 0), aside: sum("aside") },
    logs: { audit: auditCoverage(audit), activity: access.coverage, flows: flows.coverage },
  };
}

function auditCoverage({ coverage }: Pick<LogResult, "coverage">): LogCoverage {
  const { from, receivedUntil, lastRecord, recordsRead } = coverage;
  return recordsRead === 0
    ? unreadLog
    : { state: "read", from, until: receivedUntil ?? lastRecord, gaps: [], recordsRead, lastRecord };
}
