/**
 * The data in a report's page: the form in which `pageFile.ts` writes a trail and `page/` reads it. Columns contain
 * numbers; -1 is a missing fact.
 */
import type { Acceptance, TrailCandidate, TrailCoverage, TrailGrant, TrailRequest } from "../audit/trail/types.ts";
import type { TrailRule, TrailRuleRow } from "../audit/trail/types.ts";
import type { Unread, Unreadable } from "../audit/records/types.ts";

/** Text facts of a session. Each is a column of indexes of `PageData.strings`. */
export const textColumns = [
  "id",
  "tunnelId",
  "vm",
  "vmName",
  "vmIp",
  "protocol",
  "clientIp",
  "person",
  "account",
  "state",
  "outcome",
  "link",
  "because",
] as const;

export type TextColumn = (typeof textColumns)[number];

/** Sessions in order of start, as one list per fact, which compresses better than a list of objects. */
export interface SessionColumns {
  readonly count: number;
  /** The first start in milliseconds since the Unix epoch, then the difference of each start to the one before. */
  readonly start: readonly number[];
  /** Duration in milliseconds. */
  readonly length: readonly number[];
  readonly texts: Readonly<Record<TextColumn, readonly number[]>>;
  /** Indexes of `verdicts`. */
  readonly verdict: readonly number[];
  readonly port: readonly number[];
  readonly bytes: readonly number[];
  /** Indexes of `PageData.flagSets`. */
  readonly flags: readonly number[];
  /** Indexes of `PageData.requests`. */
  readonly request: readonly number[];
  /** Indexes of `PageData.rules`, followed by `PageData.otherRules`. */
  readonly rule: readonly number[];
  /** By index of the session. */
  readonly candidates: Readonly<Record<number, readonly TrailCandidate[]>>;
  readonly accepted: Readonly<Record<number, Acceptance>>;
}

export interface PageAbout {
  /** The time range, ISO 8601 UTC. */
  readonly from: string;
  readonly to: string;
  readonly generatedAt: string;
  /** Source of the logs, for a sentence. */
  readonly source: string;
  /** Version of this program. */
  readonly version: string;
}

export interface PageData {
  readonly about: PageAbout;
  readonly strings: readonly string[];
  readonly flagSets: readonly (readonly string[])[];
  readonly sessions: SessionColumns;
  readonly requests: readonly TrailRequest[];
  /** Rules of sessions that are not among `rules`, such as those that only the flow log has. */
  readonly otherRules: readonly TrailRule[];
  readonly grants: readonly TrailGrant[];
  readonly rules: readonly TrailRuleRow[];
  readonly coverage: TrailCoverage;
  readonly unread: Unread;
  /** The first places of what could not be read. */
  readonly unreadable: readonly Unreadable[];
}

/** A log record, verbatim. */
export interface PageRecord {
  /** File and line, or table. Null if the source has no places. */
  readonly place: string | null;
  /** The record as JSON, or as one line of the log. */
  readonly text: string;
}

/**
 * Raw records are stored beside `PageData` in separately compressed blocks. The page opens a block when the user looks
 * at one of its sessions, requests or rules. A block has a list of records for each of them.
 */
export type RecordBlock = readonly (readonly PageRecord[])[];

/** Owner of a block's records. The index is that of the session, of `requests` or of `rules`. */
export type RecordKind = "session" | "request" | "rule";

/** Number of sessions, requests or rules in a block: small enough to open at once, large enough to compress well. */
export const blockSize = 256;

/** Id of the page's element with `PageData`, gzip in base64. */
export const dataElementId = "data";

/** Id of the page's element with a block, gzip in base64. */
export function blockElementId(kind: RecordKind, block: number): string {
  return `records-${kind}-${block}`;
}
