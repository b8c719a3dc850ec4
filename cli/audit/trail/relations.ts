/**
 * The relations that the trail is joined from, for trail.sql and trail.kql alike. What both compare is a number or a text in lower
 * case; times are milliseconds since 1970, addresses numbers. Nothing is null, since engines differ in what null equals: an absent
 * text is empty, an absent address -1.
 */
export type ColumnType = "string" | "long" | "bool";
export type Relation = Readonly<Record<string, ColumnType>>;

export const relations = {
  /** One row a session, as the audit log has it. */
  sessions: {
    Id: "string",
    Tunnel: "string",
    Start: "long",
    /** 0 where no record tells it. */
    Finish: "long",
    /** The last moment at which it was seen: its end, the present while it is open, or its last record. */
    Seen: "long",
    State: "string",
    /** ARM id as the log spells it. */
    Vm: "string",
    VmName: "string",
    VmIp: "string",
    /** Of the VM's ARM id. */
    Subscription: "string",
    Protocol: "string",
    ClientIp: "string",
    Person: "string",
    Account: "string",
    Outcome: "string",
    /** ARM id of the Bastion host. */
    Bastion: "string",
  },
  /** Address ranges from which a Bastion host reaches VMs; those of a host that is not listed are below an empty id. */
  hosts: { Bastion: "string", Lo: "long", Hi: "long" },
  /** One row for each port of each VM of a request, and each of its source ranges. */
  grants: {
    GrantId: "string",
    RequestId: "string",
    /** ARM id of the VM or, for a session that has none, `ip:` and its private address. */
    VmKey: "string",
    /** Private address of the VM while the grant ran, as its rule has it. */
    VmIp: "string",
    Port: "long",
    /** Names of who made it, each between bars: `|ada@example.com|`. */
    People: "string",
    From: "long",
    Until: "long",
    SourceLo: "long",
    SourceHi: "long",
  },
  /** One row for each combination of ranges of a rule, from one write of it to the next. */
  rules: {
    RuleId: "string",
    Name: "string",
    Allows: "bool",
    Priority: "long",
    ByDefender: "bool",
    /** The request that Defender wrote it for, and that asked for all it opens; empty where there is none. */
    RequestId: "string",
    Correlated: "bool",
    /** Whether the log has its content; if not, the ranges are all there are. */
    Known: "bool",
    Group: "string",
    /** What it is found by: a group or a subscription, and an address or `*`; see `scopes`. */
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
  /** Network security groups before a VM, as far as they are known. */
  placements: { VmKey: "string", Group: "string" },
  /** Inbound connections to VMs. */
  flows: {
    FlowId: "string",
    VmIp: "string",
    Port: "long",
    Source: "long",
    Start: "long",
    /** 0 where it is not known. */
    Finish: "long",
    Rule: "string",
    Refused: "bool",
    /** -1 where they are not known. */
    Bytes: "long",
    /** How far the times may be off beside the clock. */
    Interval: "long",
  },
  /**
   * Times of which the activity log was not read, is not exported or has a gap. `Tail`: the last hour or so, whose events may still
   * arrive.
   */
  gaps: { From: "long", Until: "long", Tail: "bool" },
  /** VMs that have JIT, by what was read. */
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

/** Rows of relations, for an engine. */
export type RelationRows = { readonly [Name in RelationName]: readonly RowOf<Name>[] };

/** What the join says of a session, beside the columns of `sessions`: the columns of trail.sql and trail.kql. */
export interface JoinedRow extends RowOf<"sessions"> {
  readonly Port: number;
  readonly Verdict: string;
  readonly Link: string;
  /** Separated by blanks. */
  readonly Flags: string;
  readonly GrantId: string;
  readonly RuleId: string;
  /** The rule's name in the flow log, where there is no other sign of it. */
  readonly RuleName: string;
  /** `grant:ID` and `rule:ID`, separated by blanks, in no order. */
  readonly Candidates: string;
  /** The end of the flow that is this session's alone; 0 where there is none, or it does not tell. */
  readonly FlowFinish: number;
  /** -1 where it is not known. */
  readonly Bytes: number;
  /** Whether the activity log lacks a time that the verdict needs. */
  readonly Incomplete: boolean;
}
