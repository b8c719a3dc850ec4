import type { AuditRecord, SessionFacts } from "../fields.ts";

/** The outcome of a connection attempt. It stands only in a record's `message` (azure-docs, "Monitor Azure Bastion"). */
export type Outcome = "connected" | "failed" | "unknown";

/** Something in a source that cannot be read: an entry, a fact of a record, or a whole file. Never dropped in silence. */
export interface Unreadable {
  /** Path as given, or the blob's name. */
  readonly file: string;
  /** Line on which it begins, from 1; null where it is the whole file. */
  readonly line: number | null;
  /** One plain sentence. */
  readonly reason: string;
}

/** An entry of a log as it lies there. */
export interface RawEntry {
  /** Path as given, the blob's name, or the name of a table. */
  readonly file: string;
  /** Line on which it begins, from 1. */
  readonly line: number;
  /** What was parsed. */
  readonly value: unknown;
}

/** What a source of audit records gives. */
export type SourceRecord =
  | { readonly record: AuditRecord; readonly raw: RawEntry }
  | { readonly unreadable: Unreadable }
  /** What costs no record: a fact that cannot be, whose record is read without it; a file that is not a log. */
  | { readonly aside: Unreadable }
  /** Name of its category or table. */
  | { readonly otherLog: string };

/** How much of a source could not be read. */
export interface Unread {
  /** Entries of a log, and files that may have some. */
  readonly lost: number;
  /** Facts of records that were read without them, and files that are not logs. */
  readonly aside: number;
}

export type SessionState = "open" | "closed" | "unknown";

/** One Bastion tunnel, folded from its records: the JSON of `bastion-trail logs --json`. Absent facts are null. */
export interface Session extends SessionFacts {
  /** ISO 8601 UTC. */
  readonly start: string;
  /** ISO 8601 UTC; null until a record of the end is there. */
  readonly end: string | null;
  readonly durationSeconds: number | null;
  readonly state: SessionState;
  /** Last segment of `vm`. */
  readonly vmName: string | null;
  readonly outcome: Outcome;
  /** Number of distinct records the session was folded from. A record without a tunnel is a session of its own. */
  readonly records: number;
}

/** What a result rests on. */
export interface Coverage {
  /** The time range asked for, ISO 8601 UTC; null where it has no bound. */
  readonly from: string | null;
  readonly to: string | null;
  /** Time of the newest record read, whether or not a filter keeps its session. */
  readonly lastRecord: string | null;
  /** Files read: one for each hour in an archive. Null where the source has no hours (workspace). */
  readonly hoursRead: number | null;
  /** Records read, duplicates included, unreadable ones not. */
  readonly recordsRead: number;
  /** Records that were there already, word for word but for the times of their ingestion. */
  readonly duplicates: number;
  /**
   * All records that were received before this instant were looked for, and none that were received later, ISO 8601 UTC. Null
   * where the source does not go by the time of receipt.
   */
  readonly receivedUntil: string | null;
  /** Entries of other logs that were passed over, by category or table. */
  readonly otherLogs: Readonly<Record<string, number>>;
}

/** Sessions and what they rest on. `unreadable` and `coverage` are complete when a function returns this. */
export interface LogResult {
  /** Sorted by start, then tunnel; can be iterated once. Ending the iteration early frees what it holds. */
  readonly sessions: AsyncIterable<Session>;
  /** The first 10,000. */
  readonly unreadable: readonly Unreadable[];
  readonly unread: Unread;
  readonly coverage: Coverage;
}

/** Which sessions to return. Texts are compared without regard to case. */
export interface SessionFilter {
  /** Sessions that were there at or after this instant. */
  readonly from?: Date;
  /** Sessions that began before this instant. */
  readonly to?: Date;
  /** The Entra account or the account on the VM. */
  readonly user?: string;
  /** The VM's name or ARM id. */
  readonly vm?: string;
  /** Client address, exact or as CIDR range (IPv4 or IPv6). */
  readonly ip?: string;
  readonly protocol?: string;
  readonly outcome?: Outcome;
  /** The id of a tunnel, or its beginning. */
  readonly tunnel?: string;
  /** ARM id of the Bastion host, or of what it is in, such as `/subscriptions/ID`. */
  readonly bastion?: string;
}
