import type { LogResult, Unread, Unreadable } from "../records/types.ts";
import { mayBeOf } from "./blobLog.ts";
import { gapsWithin, lostTime, unreadLog } from "./logSight.ts";
import type { Access } from "./readAccess.ts";
import type { LogCoverage, TrailLog } from "./types.ts";

/** What a trail is based on, and what could not be read. */
export interface TrailRests {
  readonly unreadable: readonly Unreadable[];
  readonly unread: Unread;
  readonly logs: Readonly<Record<TrailLog, LogCoverage>>;
  /** Number of entries of logs that the trail does not use, by category or table. */
  readonly otherLogs: Readonly<Record<string, number>>;
}

/** What could not be read of one log. */
type NotRead = Pick<Access, "unreadable" | "unread" | "lostIn">;

interface FlowResult extends NotRead, Pick<TrailRests, "otherLogs"> {
  readonly coverage: LogCoverage;
}

/** What was read of the audit log. */
interface AuditResult extends Omit<LogResult, "sessions" | "otherPeople"> {
  /** Start of the first session, in milliseconds since the Unix epoch; `undefined` if there is none. */
  readonly first?: number | undefined;
}

/** Combines the coverage of the three logs, and what could not be read of them. */
export function trailRests(audit: AuditResult, access: Access, flows: FlowResult): TrailRests {
  return {
    ...notRead([audit, access, flows]),
    logs: { audit: auditCoverage(audit), activity: access.coverage, flows: flows.coverage },
    otherLogs: flows.otherLogs,
  };
}

/** A folder is read once per log, so the same damage is found several times. It counts once. */
function notRead(logs: readonly NotRead[]): Pick<TrailRests, "unreadable" | "unread"> {
  const places = logs.flatMap(({ unreadable }) => unreadable);
  const unreadable = new Map<string, Unreadable>();
  const repeated = { lost: 0, aside: 0 };
  for (const place of places) {
    const key = JSON.stringify(place);
    if (unreadable.has(key)) repeated[place.skipped === true ? "aside" : "lost"] += 1;
    unreadable.set(key, place);
  }
  const count = (what: keyof Unread): number =>
    logs.reduce((total, { unread }) => total + unread[what], 0) - repeated[what];
  return { unreadable: [...unreadable.values()], unread: { lost: count("lost"), aside: count("aside") } };
}

function auditCoverage({ coverage, lostIn, first }: AuditResult): LogCoverage {
  const { from, receivedUntil, lastRecord, recordsRead } = coverage;
  if (recordsRead === 0) return unreadLog;
  const until = receivedUntil ?? lastRecord;
  const lost = lostIn.filter((file) => mayBeOf("audit", file));
  const gaps = lost.map((file) => {
    const stretch = lostTime(file);
    // A file of all hours may lack a session before the first or after the last, at any time.
    return Number.isFinite(stretch.from) ? stretch : { from: first ?? Infinity, to: Date.parse(until ?? "") };
  });
  const asked = { from: timeOf(from) ?? -Infinity, to: timeOf(coverage.to) ?? Infinity };
  return { state: "read", from, until, gaps: gapsWithin(gaps, asked), recordsRead, lastRecord };
}

function timeOf(text: string | null): number | undefined {
  return text === null ? undefined : Date.parse(text);
}
