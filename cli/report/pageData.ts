/**
 * What a report's page is given: the form in which `pageFile.ts` writes a trail into the page, and `page/` reads it. Columns hold numbers;
 * -1 stands for an absent fact.
 */
import type { Acceptance, TrailCandidate, TrailCoverage, TrailGrant, TrailRequest } from "../audit/trail/types.ts";
import type { TrailRule, TrailRuleRow } from "../audit/trail/types.ts";
import type { Unreadable } from "../audit/records/types.ts";

/** Facts of a session that are texts: each is a column of indexes of `PageData.strings`. */
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

/** One row per session, sorted by start: a list for each fact, which compresses better than a list of objects. */
export interface SessionColumns {
  readonly count: number;
  /** Milliseconds since 1970 of the first start, and for every further session the time since the one before it. */
  readonly start: readonly number[];
  /** Milliseconds. */
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
  /** Indexes of `PageData.rulesOfSessions`. */
  readonly rule: readonly number[];
  /** By the session's index. */
  readonly candidates: Readonly<Record<number, readonly TrailCandidate[]>>;
  readonly accepted: Readonly<Record<number, Acceptance>>;
}

export interface PageAbout {
  /** The time range, ISO 8601 UTC. */
  readonly from: string;
  readonly to: string;
  readonly generatedAt: string;
  /** Where the logs were read, in words. */
  readonly source: string;
  /** Of this program. */
  readonly version: string;
}

export interface PageData {
  readonly about: PageAbout;
  readonly strings: readonly string[];
  readonly flagSets: readonly (readonly string[])[];
  readonly sessions: SessionColumns;
  readonly requests: readonly TrailRequest[];
  readonly rulesOfSessions: readonly TrailRule[];
  readonly grants: readonly TrailGrant[];
  readonly rules: readonly TrailRuleRow[];
  readonly coverage: TrailCoverage;
  readonly unreadable: readonly Unreadable[];
}

/** A record as its log has it. */
export interface PageRecord {
  /** Where it stands: a file and a line, or a table. Null where its source has no places. */
  readonly place: string | null;
  /** The record: JSON, or one line of the log. */
  readonly text: string;
}

/**
 * Raw records are not part of `PageData`: they lie beside it in blocks, each compressed on its own, and the page opens a block when somebody
 * looks at one of its sessions, requests or rules. A block holds the records of each of them.
 */
export type RecordBlock = readonly (readonly PageRecord[])[];

/** Whose records a block holds; the index is that of the session, of `requests` or of `rules`. */
export type RecordKind = "session" | "request" | "rule";

/** Sessions, requests or rules in one block: few enough to open at once, enough to compress well. */
export const blockSize = 256;

/** Id of the page's element that holds `PageData`, gzip in base64. */
export const dataElementId = "data";

/** Id of the page's element that holds a block, gzip in base64. */
export function blockElementId(kind: RecordKind, block: number): string {
  return `records-${kind}-${block}`;
}
