/**
 * The access trail: what `bastion-trail trail --json` prints, and the relations that it is joined from. Times in the JSON are ISO
 * 8601 UTC with three decimals; an absent fact is null.
 */
import type { Outcome, SessionState, Unreadable } from "../records/types.ts";

/** How well a session's request is known, from the strongest link to none; docs/trail.md says what each rests on. */
export const links = ["flow", "correlation", "inferred", "ambiguous", "none"] as const;
export type TrailLink = (typeof links)[number];

/** Whether a session was requested; docs/trail.md says what each rests on. */
export const verdicts = ["granted", "unverified", "borrowed", "bypassed", "ungranted", "unknown"] as const;
export type Verdict = (typeof verdicts)[number];

/**
 * `outlived`: went on after its grant had ended. `failed`: the login failed. `no-jit`: nothing that was read shows JIT on the VM.
 * `late`: started after the request had ended. `denied`: the flow log has a connection to the VM that was refused.
 */
export const flags = ["outlived", "failed", "no-jit", "late", "denied"] as const;
export type TrailFlag = (typeof flags)[number];

/** A log that the trail rests on. */
export const trailLogs = ["audit", "activity", "flows"] as const;
export type TrailLog = (typeof trailLogs)[number];

/** What ended a grant. `null`: it had not ended at the end of what was read. */
export type GrantEnd = "expired" | "revoked" | "replaced" | null;

/** The request of a session. */
export interface TrailRequest {
  /** Short and stable; its beginning is enough everywhere. */
  readonly id: string;
  /** User principal name, or the object id of an application. */
  readonly by: string | null;
  /** When it was made. */
  readonly at: string;
  /** When the grant began. */
  readonly from: string;
  /** When the grant really ended: what was asked for, unless it was revoked or replaced before. */
  readonly until: string;
  /** The end that was asked for. */
  readonly askedUntil: string;
  readonly endedBy: GrantEnd;
  /** The justification. */
  readonly reason: string | null;
  readonly correlationId: string | null;
}

/** The rule that let a session in. */
export interface TrailRule {
  readonly name: string;
  readonly priority: number | null;
  /** `Defender for Cloud`, or who wrote it last. */
  readonly author: string | null;
  readonly sources: readonly string[];
  readonly ports: readonly string[];
}

/** A request or a rule that fits a session as well. */
export interface TrailCandidate {
  readonly request: TrailRequest | null;
  readonly rule: TrailRule | null;
}

/** One session with its request and its rule. */
export interface TrailRow {
  /** Short and stable: 16 hexadecimal digits. Its beginning is enough everywhere. */
  readonly id: string;
  readonly tunnelId: string | null;
  readonly start: string;
  /** Of the audit log or, where exactly one flow fits exactly this session, of the flow log. */
  readonly end: string | null;
  readonly durationSeconds: number | null;
  readonly state: SessionState;
  /** ARM id. */
  readonly vm: string | null;
  readonly vmName: string | null;
  readonly vmIp: string | null;
  /** `ssh` or `rdp`. */
  readonly protocol: string | null;
  /** Of the flow log, else the usual port of the protocol: the audit log does not name it. */
  readonly port: number | null;
  readonly clientIp: string | null;
  readonly person: string | null;
  /** The account on the VM. */
  readonly account: string | null;
  readonly outcome: Outcome;
  readonly verdict: Verdict;
  /** Why, one plain sentence. */
  readonly because: string;
  readonly flags: readonly TrailFlag[];
  readonly link: TrailLink;
  readonly request: TrailRequest | null;
  readonly rule: TrailRule | null;
  /** Everything that fits, where several requests or rules do; else empty. */
  readonly candidates: readonly TrailCandidate[];
  /** Both directions; null where not exactly one flow fits exactly this session. */
  readonly bytes: number | null;
  /** Why a known finding is accepted; null where it is not. */
  readonly accepted: Acceptance | null;
}

/** Why somebody accepts a finding. */
export interface Acceptance {
  readonly reason: string;
  readonly owner: string;
  /** After this it counts again; ISO 8601 UTC. */
  readonly expires: string;
}

/** One port of one VM that a request opened, whether or not somebody used it. */
export interface TrailGrant extends TrailRequest {
  /** ARM id. */
  readonly vm: string;
  readonly vmName: string;
  readonly port: number;
  /** Address ranges that were asked for; empty where the request states none. */
  readonly sources: readonly string[];
  /** Sessions that name it as their request. */
  readonly sessions: number;
}

/**
 * `unrequested`: a name like JIT's, without a request. `leftover`: still there after its grant ended. `opened`: a person or a
 * pipeline opened it outside JIT. `requested`: Defender for Cloud wrote it for a request, and it went with the grant. `unread`: what it
 * opens is not in the log, as of a write that began before the log does.
 */
export type RuleKind = "unrequested" | "leftover" | "opened" | "requested" | "unread";

/** A rule that let something in, from one write of it to the next. */
export interface TrailRuleRow extends TrailRule {
  readonly kind: RuleKind;
  /** ARM id of the network security group. */
  readonly group: string;
  /** Address ranges, tags or groups. */
  readonly destinations: readonly string[];
  readonly from: string;
  /** When it was changed or deleted; null while no log has told that. */
  readonly until: string | null;
  readonly correlationId: string | null;
  /** The request that Defender for Cloud wrote it for: its id. */
  readonly request: string | null;
  /** VMs of the request, else those that are known to be behind the group: ARM ids. */
  readonly vms: readonly string[];
  /** Sessions that it let in. */
  readonly sessions: number;
}

/** What was read of one log. */
export interface LogCoverage {
  /** `none`: not read, or not exported to the source. */
  readonly state: "read" | "none";
  /** From the first hour that is known to be complete... */
  readonly from: string | null;
  /** ... up to this moment. Records of later hours may still arrive. */
  readonly until: string | null;
  /** Times in between of which something could not be read. */
  readonly gaps: readonly { readonly from: string; readonly to: string }[];
  readonly recordsRead: number;
  readonly lastRecord: string | null;
}

/** What a trail rests on. */
export interface TrailCoverage {
  /** The time range asked for; null where it has no bound. */
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
  readonly unusedGrants: readonly TrailGrant[];
  /** Every grant of the time range. */
  readonly grants: readonly TrailGrant[];
  /** Every rule of the time range that let something in. */
  readonly rules: readonly TrailRuleRow[];
  readonly unreadable: readonly Unreadable[];
  readonly coverage: TrailCoverage;
}

/** A state of a flow tuple: begin, continuing, end, denied (Azure, virtual network flow logs). */
export type FlowState = "B" | "C" | "E" | "D";

/**
 * A connection as a flow log has it, whatever the source: all tuples of one connection folded into one, or one row of
 * `NTANetAnalytics`. Only inbound TCP connections to a VM.
 */
export interface FlowRow {
  /** Private address of the VM. */
  readonly vmIp: string;
  /** On the VM. */
  readonly port: number;
  /** Of the other side; null where the source does not have it, as `NTANetAnalytics` has no source port. */
  readonly sourceIp: string | null;
  readonly sourcePort: number | null;
  /** IANA number: 6 is TCP. */
  readonly protocol: number;
  /** Of the first tuple, milliseconds since 1970; for a summed row that of its interval, where it says no better. */
  readonly start: number;
  /** Of the last tuple, milliseconds since 1970. */
  readonly end: number;
  /** Without `UserRule_` or `DefaultRule_`. */
  readonly rule: string | null;
  /** Network security group of the rule: its resource GUID or its ARM id, as the source has it. */
  readonly group: string | null;
  /** `D` where it was refused; else of its last tuple. */
  readonly state: FlowState;
  /** Whether its begin (B) is there, or the row is a summed one: only then `start` is when it was admitted. */
  readonly hasBegin: boolean;
  /** Both directions. */
  readonly bytes: number;
  /** Milliseconds that the times are rounded to: 0 for tuples, 600000 or 3600000 for `NTANetAnalytics`. */
  readonly intervalMs: number;
}
