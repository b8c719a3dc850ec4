import type { AuditRecord, SessionFacts } from "../fields.ts";

/** The outcome of a connection attempt. Only a record's `message` states it (azure-docs, "Monitor Azure Bastion"). */
export type Outcome = "connected" | "failed" | "unknown";

/** Something in a source that cannot be read: an entry, a fact of a record, or a whole file. It is always reported. */
export interface Unreadable {
  /** Path as given, or the blob's name. */
  readonly file: string;
  /** Line on which it begins, from 1; null if the whole file cannot be read. */
  readonly line: number | null;
  /** One plain sentence. */
  readonly reason: string;
  /** Set if no entry of a log is lost: a file that is not a log, or a value without which its entry is read. */
  readonly skipped?: true;
}

/** An entry of a log, unchanged. */
export interface RawEntry {
  /** Path as given, the blob's name, or the name of a table. */
  readonly file: string;
  /** Line on which it begins, from 1. */
  readonly line: number;
  /** The parsed JSON value. */
  readonly value: unknown;
  /** Of an entry that the store has: where its line begins, in bytes of the uncompressed file. */
  readonly offset?: number;
  /** Of an entry that the store has: SHA-256 of the file, or of the part of the blob that was read; in hexadecimal digits. */
  readonly sha256?: string;
}

/** An audit record and the entry that it was read from. */
export interface FoundRecord {
  readonly record: AuditRecord;
  readonly raw: RawEntry;
}

/** What a source of audit records yields. */
export type SourceRecord =
  | FoundRecord
  | { readonly unreadable: Unreadable }
  /** A problem that loses no record: an invalid fact, without which its record is read; or a file that is not a log. */
  | { readonly aside: Unreadable }
  /** Name of the other log's category or table. */
  | { readonly otherLog: string };

/** How much of a source could not be read. */
export interface Unread {
  /** Number of lost log entries, and of files that may contain some. */
  readonly lost: number;
  /** Number of facts that records were read without, and of files that are not logs. */
  readonly aside: number;
}

export type SessionState = "open" | "closed" | "unknown";

/** One Bastion tunnel, folded from its records: the JSON of `bastion-trail logs --json`. Missing facts are null. */
export interface Session extends SessionFacts {
  /** ISO 8601 UTC. */
  readonly start: string;
  /** ISO 8601 UTC; null until there is a record of the end. */
  readonly end: string | null;
  readonly durationSeconds: number | null;
  readonly state: SessionState;
  /** Last segment of `vm`. */
  readonly vmName: string | null;
  readonly outcome: Outcome;
  /** Number of distinct records the session was folded from. A record without a tunnel is a session of its own. */
  readonly records: number;
}

/** What a result is based on. */
export interface Coverage {
  /** The time range asked for, ISO 8601 UTC; null if unbounded. */
  readonly from: string | null;
  readonly to: string | null;
  /** Time of the newest record read, whether or not its session matches the filter. */
  readonly lastRecord: string | null;
  /** Number of files read: one per hour in an archive. Null if the source has no hours (workspace). */
  readonly hoursRead: number | null;
  /** Number of records read, including duplicates, without unreadable ones. */
  readonly recordsRead: number;
  /** Number of records that are identical to an earlier one except for their ingestion times. */
  readonly duplicates: number;
  /**
   * All records received before this instant were looked for, and none received later; ISO 8601 UTC. Null if the source does
   * not go by the time of receipt.
   */
  readonly receivedUntil: string | null;
  /** Number of skipped entries of other logs, by category or table. */
  readonly otherLogs: Readonly<Record<string, number>>;
}

/** Sessions and what they are based on. `unreadable` and `coverage` are complete when a function returns this. */
export interface LogResult {
  /** Sorted by start, then tunnel. Can be iterated once; ending the iteration early frees its resources. */
  readonly sessions: AsyncIterable<Session>;
  /** The first 10,000. */
  readonly unreadable: readonly Unreadable[];
  readonly unread: Unread;
  /** Files with lost entries. */
  readonly lostIn: readonly string[];
  readonly coverage: Coverage;
  /** The people in the records, if no session matches a filter with a user; else empty. */
  readonly otherPeople: readonly string[];
}

/** Which sessions to return. Texts are compared without case. */
export interface SessionFilter {
  /** Sessions that had not ended before this instant. */
  readonly from?: Date;
  /** Sessions that began before this instant. */
  readonly to?: Date;
  /** The Entra account or the account on the VM. */
  readonly user?: string;
  /** The VM's name, `GROUP/NAME` or ARM id. */
  readonly vm?: string;
  /** Client address: exact, or a CIDR range (IPv4 or IPv6). */
  readonly ip?: string;
  readonly protocol?: string;
  readonly outcome?: Outcome;
  /** Id of a tunnel, or the beginning of one. */
  readonly tunnel?: string;
  /** ARM id of the Bastion host, or of a scope that contains it, such as `/subscriptions/ID`. */
  readonly bastion?: string;
  /**
   * For sessions in files: keeps in addition those to the address of one that matches, and those that began less than `afterMs`
   * milliseconds after `to`. In the flow log, only addresses and times tell whose a connection is. The log may name no VM of a
   * session that somebody opened by IP address.
   */
  readonly withNeighbours?: { readonly afterMs: number };
}
