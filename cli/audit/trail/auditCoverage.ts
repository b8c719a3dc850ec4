import type { LogResult, Unread, Unreadable } from "../records/types.ts";
import { mayBeOf } from "./blobLog.ts";
import { gapsWithin, lostIn, unreadLog } from "./logSight.ts";
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

/** What was read of the audit log. */
interface AuditResult extends Omit<LogResult, "sessions"> {
  /** Start of the first session, in milliseconds since the Unix epoch; `undefined` if there is none. */
  readonly first?: number | undefined;
}

/** Combines the coverage of the three logs, and what could not be read of them. */
export function trailRests(audit: AuditResult, access: Access, flows: FlowResult): TrailRests {
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

function auditCoverage({ coverage, unreadable, unread, first }: AuditResult): LogCoverage {
  const { from, receivedUntil, lastRecord, recordsRead } = coverage;
  if (recordsRead === 0) return unreadLog;
  const until = receivedUntil ?? lastRecord;
  const lost = unread.lost === 0 ? [] : unreadable.filter(({ file }) => mayBeOf("audit", file));
  const gaps = lost.map(({ file }) => {
    const stretch = lostIn(file);
    // A file of all hours may lack a session before the first or after the last, at any time.
    return Number.isFinite(stretch.from) ? stretch : { from: first ?? Infinity, to: Date.parse(until ?? "") };
  });
  const asked = { from: timeOf(from) ?? -Infinity, to: timeOf(coverage.to) ?? Infinity };
  return { state: "read", from, until, gaps: gapsWithin(gaps, asked), recordsRead, lastRecord };
}

function timeOf(text: string | null): number | undefined {
  return text === null ? undefined : Date.parse(text);
}
