/**
 * The access trail: the JSON of `bastion-trail trail --json`, and the flows it is joined from. Times in the JSON are ISO 8601
 * UTC with three decimals; a missing fact is null.
 */
import type { Outcome, SessionState, Unreadable } from "../records/types.ts";

/** How certain a session's request is, from the strongest link to none; docs/trail.md explains each. */
export const links = ["flow", "correlation", "inferred", "ambiguous", "none"] as const;
export type TrailLink = (typeof links)[number];

/** Whether a session was requested; docs/trail.md explains each. */
export const verdicts = ["granted", "unverified", "borrowed", "bypassed", "ungranted", "unknown"] as const;
export type Verdict = (typeof verdicts)[number];

/**
 * `outlived`: lasted beyond its grant. `failed`: the login failed. `no-jit`: nothing that was read shows JIT on the VM. `late`:
 * started after the request had ended. `denied`: the flow log has a refused connection to the VM.
 */
export const flags = ["outlived", "failed", "no-jit", "late", "denied"] as const;
export type TrailFlag = (typeof flags)[number];

/** A log that the trail is based on. */
export const trailLogs = ["audit", "activity", "flows"] as const;
export type TrailLog = (typeof trailLogs)[number];

/** What ended a grant. `null`: it had not ended by the end of the logs. */
export type GrantEnd = "expired" | "revoked" | "replaced" | null;

/** The request of a session. */
export interface TrailRequest {
  /** Short and stable; a prefix is enough wherever an id is accepted. */
  readonly id: string;
  /** User principal name, or the client id of an application. */
  readonly by: string | null;
  /** When the request was made. */
  readonly at: string;
  /** When the grant began. */
  readonly from: string;
  /** When the grant really ended: as requested and at most after a day, unless it was revoked or replaced earlier. */
  readonly until: string;
  /** The requested end. */
  readonly askedUntil: string;
  readonly endedBy: GrantEnd;
  /** The justification. */
  readonly reason: string | null;
  readonly correlationId: string | null;
}

/** The rule that let a session in. */
export interface TrailRule {
  /** `GROUP/*` for any rule of a network security group, if the log only shows that somebody wrote the group. */
  readonly name: string;
  readonly priority: number | null;
  /** `Defender for Cloud`, or who wrote it last. */
  readonly author: string | null;
  readonly sources: readonly string[];
  readonly ports: readonly string[];
}

/** A request or a rule that also matches a session. */
export interface TrailCandidate {
  readonly request: TrailRequest | null;
  readonly rule: TrailRule | null;
}

/** One session with its request and its rule. */
export interface TrailRow {
  /** Short and stable: 16 hexadecimal digits. A prefix is enough wherever an id is accepted. */
  readonly id: string;
  readonly tunnelId: string | null;
  readonly start: string;
  /** From the audit log or, if exactly one flow matches exactly this session, from the flow log. */
  readonly end: string | null;
  readonly durationSeconds: number | null;
  readonly state: SessionState;
  /** ARM id. */
  readonly vm: string | null;
  readonly vmName: string | null;
  readonly vmIp: string | null;
  /** `ssh` or `rdp`. */
  readonly protocol: string | null;
  /** From the flow log, else the protocol's usual port: the audit log does not have it. */
  readonly port: number | null;
  readonly clientIp: string | null;
  readonly person: string | null;
  /** The account on the VM. */
  readonly account: string | null;
  readonly outcome: Outcome;
  readonly verdict: Verdict;
  /** The reason for the verdict, one plain sentence. */
  readonly because: string;
  readonly flags: readonly TrailFlag[];
  readonly link: TrailLink;
  readonly request: TrailRequest | null;
  readonly rule: TrailRule | null;
  /** All matches, if several requests or rules match; else empty. */
  readonly candidates: readonly TrailCandidate[];
  /** Bytes in both directions; null unless exactly one flow matches exactly this session. */
  readonly bytes: number | null;
  /** Why this finding is accepted; null if it is not. */
  readonly accepted: Acceptance | null;
}

/** Why a finding is accepted, and by whom. */
export interface Acceptance {
  readonly reason: string;
  readonly owner: string;
  /** When the acceptance ends; ISO 8601 UTC. */
  readonly expires: string;
}

/** One port of one VM that a request opened, used or not. */
export interface TrailGrant extends TrailRequest {
  /** ARM id. */
  readonly vm: string;
  readonly vmName: string;
  readonly port: number;
  /** Requested address ranges; empty if the request states none. */
  readonly sources: readonly string[];
  /** Number of sessions linked to this grant. */
  readonly sessions: number;
}

/**
 * `unrequested`: a JIT name, without a request. `leftover`: it still existed after its grant ended. `opened`: a user or a
 * pipeline opened it outside JIT. `requested`: Defender for Cloud wrote it for a request, and it was removed with the grant.
 * `unread`: the log does not show what it opens, for example because it was written before the log begins.
 */
export type RuleKind = "unrequested" | "leftover" | "opened" | "requested" | "unread";

/** A rule that let something in, from one write of it to the next. */
export interface TrailRuleRow extends TrailRule {
  readonly kind: RuleKind;
  /** ARM id of the network security group. */
  readonly group: string;
  /** Address ranges, service tags, or application security groups. */
  readonly destinations: readonly string[];
  readonly from: string;
  /** When it was changed or deleted; null if no log shows that yet. */
  readonly until: string | null;
  readonly correlationId: string | null;
  /** Id of the request that Defender for Cloud wrote it for. */
  readonly request: string | null;
  /** ARM ids of the request's VMs, else of the VMs known to be behind the group. */
  readonly vms: readonly string[];
  /** Number of sessions it let in. */
  readonly sessions: number;
}

/** A time range in which something of a log could not be read. */
export interface LogGap {
  readonly from: string;
  readonly to: string;
  /** Id of the subscription whose activity log has the gap, in lower case; null if it may be any. */
  readonly subscription: string | null;
}

/** What was read of one log. */
export interface LogCoverage {
  /** `none`: not read, or not exported to the source. */
  readonly state: "read" | "none";
  /** Start of the first hour that is known to be complete. */
  readonly from: string | null;
  /** End of what was read: records of later hours may still arrive. */
  readonly until: string | null;
  /** Time ranges in between in which something could not be read. */
  readonly gaps: readonly LogGap[];
  readonly recordsRead: number;
  readonly lastRecord: string | null;
}

/** What a trail is based on. */
export interface TrailCoverage {
  /** The time range asked for; null if unbounded. */
  readonly from: string | null;
  readonly to: string | null;
  /** How far clocks may differ, in seconds. */
  readonly skewSeconds: number;
  readonly logs: Readonly<Record<TrailLog, LogCoverage>>;
}

/** The whole document of `trail --json`. */
export interface TrailDocument {
  /** Sorted by start. */
  readonly trail: readonly TrailRow[];
  /** Grants that ended in the time range without a session. */
  readonly unusedGrants: readonly TrailGrant[];
  /** All grants of the time range. */
  readonly grants: readonly TrailGrant[];
  /** All rules of the time range that let something in. */
  readonly rules: readonly TrailRuleRow[];
  readonly unreadable: readonly Unreadable[];
  readonly coverage: TrailCoverage;
}

/** State of a flow tuple: begin, continuing, end, denied (Azure, virtual network flow logs). */
export type FlowState = "B" | "C" | "E" | "D";

/**
 * An inbound TCP connection to a VM in a flow log, from any source: all tuples of one connection folded into one row, or one
 * row of `NTANetAnalytics`.
 */
export interface FlowRow {
  /** Private address of the VM. */
  readonly vmIp: string;
  /** Port on the VM. */
  readonly port: number;
  /** Address and port of the other side; null if the source does not have them. `NTANetAnalytics` has no source port. */
  readonly sourceIp: string | null;
  readonly sourcePort: number | null;
  /** IANA number: 6 is TCP. */
  readonly protocol: number;
  /**
   * Time of the first tuple, in milliseconds since the Unix epoch; for an aggregated row without one, the start of its
   * interval.
   */
  readonly start: number;
  /** Time of the last tuple, in milliseconds since the Unix epoch. */
  readonly end: number;
  /** Name without `UserRule_` or `DefaultRule_`. */
  readonly rule: string | null;
  /** Network security group of the rule: its resource GUID or its ARM id, depending on the source. */
  readonly group: string | null;
  /** `D` if it was refused; else the state of its last tuple. */
  readonly state: FlowState;
  /** Whether its begin (B) was read, or the row is aggregated. Only then is `start` the time it was admitted. */
  readonly hasBegin: boolean;
  /** Bytes in both directions; null for an aggregated row, which has those of one interval only. */
  readonly bytes: number | null;
  /** How long after `start` an aggregated row has connections, in milliseconds: until its interval ends. 0 for tuples. */
  readonly intervalMs: number;
}
