/**
 * The relations that the trail is joined from, for both trail.sql and trail.kql. Both compare only numbers and texts, ignoring
 * case. Times are milliseconds since the Unix epoch, addresses are numbers. Nothing is null, because engines compare nulls
 * differently: a missing text is empty, a missing address is -1.
 */
export type ColumnType = "string" | "long" | "bool";
export type Relation = Readonly<Record<string, ColumnType>>;

export const relations = {
  /** One row per session, from the audit log. */
  sessions: {
    Id: "string",
    Tunnel: "string",
    Start: "long",
    /** Whether a record tells the start; if not, `Start` is when the session ended. */
    StartTold: "bool",
    /** 0 if no record states it. */
    Finish: "long",
    /** The last time the session was seen: its end, now if it is open, or its last record. */
    Seen: "long",
    State: "string",
    /** ARM id, as the log spells it. */
    Vm: "string",
    VmName: "string",
    VmIp: "string",
    /** Subscription in the VM's ARM id. */
    Subscription: "string",
    Protocol: "string",
    ClientIp: "string",
    Person: "string",
    Account: "string",
    Outcome: "string",
    /** ARM id of the Bastion host. */
    Bastion: "string",
  },
  /**
   * Address ranges from which a Bastion host reaches VMs; under an empty id, those of hosts that are not listed. A rule is for the
   * whole of each range of a listed host, or for none of it.
   */
  hosts: { Bastion: "string", Lo: "long", Hi: "long" },
  /** One row for each port of each VM in a request, and each of its source ranges. */
  grants: {
    GrantId: "string",
    RequestId: "string",
    /** ARM id of the VM or, for sessions without one, `ip:` and the private address. */
    VmKey: "string",
    /** Private address of the VM during the grant, from its rule. */
    VmIp: "string",
    Port: "long",
    /** Names of the user who made the request, each between bars: `|ada@example.com|`. */
    People: "string",
    From: "long",
    Until: "long",
    SourceLo: "long",
    SourceHi: "long",
    /** Whether the log has the rule that Defender wrote for it, whatever that opens and whatever became of it. */
    RuleTold: "bool",
    /** When a rule was deleted that may be its own, of which the log has no more than that; `forever` if none was. */
    DoubtedFrom: "long",
  },
  /** One row for each combination of a rule's ranges, from one write of the rule to the next. */
  rules: {
    RuleId: "string",
    Name: "string",
    Allows: "bool",
    Priority: "long",
    /** Whether Defender wrote it, or may have, because the log does not show who did. */
    ByDefender: "bool",
    /** The request that Defender wrote it for, if that asked for everything it opens; else empty. */
    RequestId: "string",
    Correlated: "bool",
    /** Whether the log shows what it opens. If not, the ranges include everything. */
    Known: "bool",
    Group: "string",
    /** Key for finding it: a group or a subscription, and an address or `*`; see `scoped` in trail.sql. */
    Scope: "string",
    DestLo: "long",
    DestHi: "long",
    SourceLo: "long",
    SourceHi: "long",
    PortLo: "long",
    PortHi: "long",
    From: "long",
    Until: "long",
  },
  /** Network security groups of a VM, as far as they are known. */
  placements: { VmKey: "string", Group: "string" },
  /** Inbound connections to VMs. */
  flows: {
    FlowId: "string",
    VmIp: "string",
    Port: "long",
    Source: "long",
    Start: "long",
    /** 0 if unknown. */
    Finish: "long",
    Rule: "string",
    Refused: "bool",
    /** -1 if unknown. */
    Bytes: "long",
    /**
     * How long after `Start` the connection may have begun, in milliseconds, in addition to the clock skew. The start of a row of
     * sums is that of its first connection (traffic-analytics-schema.md, `FlowStartTime`), or of the interval.
     */
    Interval: "long",
  },
  /**
   * Times at which the activity log was not read, is not exported or has a gap. `Tail`: the last hour or so, whose events may
   * still arrive. With a subscription, only its own log has the gap.
   */
  gaps: { From: "long", Until: "long", Subscription: "string", Tail: "bool" },
  /** Subscriptions whose activity log was read. Empty if the log does not name them. */
  logged: { Subscription: "string" },
  /** VMs that have JIT, as far as was read. Keys as in `grants`. */
  jitVms: { VmKey: "string" },
} as const satisfies Readonly<Record<string, Relation>>;

export type RelationName = keyof typeof relations;

type ValueOf<Type extends ColumnType> = Type extends "string" ? string : Type extends "long" ? number : boolean;

/** A row of a relation. */
export type RowOf<Name extends RelationName> = {
  readonly [Column in keyof (typeof relations)[Name]]: (typeof relations)[Name][Column] extends ColumnType
    ? ValueOf<(typeof relations)[Name][Column]>
    : never;
};

/** Rows of all relations, for an engine. */
export type RelationRows = { readonly [Name in RelationName]: readonly RowOf<Name>[] };

/** A row of the join: the columns of `sessions`, and the other columns of trail.sql and trail.kql. */
export interface JoinedRow extends RowOf<"sessions"> {
  readonly Port: number;
  readonly Verdict: string;
  readonly Link: string;
  /** Separated by spaces. */
  readonly Flags: string;
  readonly GrantId: string;
  readonly RuleId: string;
  /** The rule's name in the flow log, if the activity log does not have the rule. */
  readonly RuleName: string;
  /** `grant:ID` and `rule:ID`, separated by spaces, in any order. */
  readonly Candidates: string;
  /** End of the flow, if exactly one flow matches this session alone; 0 if there is none or its end is unknown. */
  readonly FlowFinish: number;
  /** -1 if unknown. */
  readonly Bytes: number;
  /** Whether the activity log lacks something that the verdict needs: a time, or the VM's subscription. */
  readonly Incomplete: boolean;
  /** Whether it lacks the VM's subscription. */
  readonly Unlogged: boolean;
  /** Whether only the request could tell the verdict, and it is doubtful whether that still lasted. */
  readonly Doubted: boolean;
  /** Whether a request covers it, but the activity log has the request's rule, and that neither it nor another one let the session in. */
  readonly Shut: boolean;
}
