import type { EventFacts } from "./eventFields.ts";
import type { Coverage, RawEntry, Unread, Unreadable } from "../records/types.ts";

/** `request`: a JIT request. `rule`: a write of a network security group or of a rule in it. `policy`: of a JIT policy. */
export type ActivityKind = "request" | "rule" | "policy";

export type ActivityAction = "initiate" | "write" | "delete";

/**
 * How far an operation is, by the words of the REST form; the exported forms say `Start`, `Accept`, `Success`, `Failure`
 * (azure-monitor-docs, activity-log-schema.md). Another word stays as it is, in lower case.
 */
export type ActivityStatus = "started" | "accepted" | "succeeded" | "failed" | "canceled" | (string & {});

/** A port of a VM that a JIT request asks for. An absent fact is null. */
export interface AskedPort {
  readonly number: number;
  /** Address ranges, joined by commas. */
  readonly source: string | null;
  /** ISO 8601 UTC. */
  readonly until: string | null;
}

export interface AskedVm {
  /** ARM id as the request spells it. */
  readonly id: string;
  readonly ports: readonly AskedPort[];
}

/** The body of a JIT request (Defender for Cloud, "Jit Network Access Policies - Initiate"). */
export interface Asked {
  readonly vms: readonly AskedVm[];
  readonly justification: string | null;
}

/** A security rule as a write states it. An absent fact is null, an absent list empty. */
export interface WrittenRule {
  readonly name: string | null;
  readonly access: "allow" | "deny" | null;
  readonly direction: "inbound" | "outbound" | null;
  readonly priority: number | null;
  /** `tcp`, `udp`, `*`... */
  readonly protocol: string | null;
  /** Address ranges, service tags, ids of application security groups, or `*`. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** Ports and ranges of ports: `22`, `8000-8100`, `*`. */
  readonly ports: readonly string[];
  readonly description: string | null;
  /** Whether its name is one that Defender for Cloud gives. Anybody can give it. */
  readonly jitName: boolean;
}

/** One event of the activity log about access, whatever form it came in. An absent fact is null. */
export interface ActivityEvent extends EventFacts {
  /** ISO 8601 UTC with three decimals. */
  readonly time: string;
  /** One of `accessOperations` of core/links/kql.ts, in that spelling. */
  readonly operation: string;
  readonly status: ActivityStatus | null;
  /** What Azure says of a failure. */
  readonly error: string | null;
  /** User principal name, or the object id of an application. */
  readonly caller: string | null;
  readonly callerName: string | null;
  readonly asked: Asked | null;
  /** Null where the event does not state them, or not so that they can be read. */
  readonly rules: readonly WrittenRule[] | null;
}

/** A VM of a request. */
export interface ActivityVm {
  /** ARM id; null where only the name is known, from the description of a rule. */
  readonly id: string | null;
  readonly name: string;
  readonly ports: readonly {
    readonly number: number;
    readonly source: string | null;
    /** ISO 8601 UTC. */
    readonly until: string | null;
    /** From the request to `until`. */
    readonly durationSeconds: number | null;
  }[];
}

/** The request that a rule belongs to, and what tells it. */
export interface RequestLink {
  readonly correlationId: string | null;
  readonly time: string;
  readonly caller: string | null;
  readonly callerName: string | null;
  readonly callerApp: string | null;
  /**
   * `correlation`: both have one correlation id. `time`: the rule opens what was requested, minutes later. `rule`: Defender
   * wrote the rule of this name for the request.
   */
  readonly by: "correlation" | "time" | "rule";
}

/** Who changed rules, and what tells it. */
export interface Origin {
  /**
   * `jit`: Defender for Cloud. `stack`: it changes nothing but what this project deploys itself. `outside`: anybody else, a
   * person or a pipeline, past JIT. `unclear`: anybody else under the correlation id of a JIT request, which every client
   * can choose.
   */
  readonly origin: "jit" | "stack" | "outside" | "unclear";
  /**
   * `client-id`: the client id in the caller's token. `name`: the caller's name, in a log without client ids. `content`: the
   * rules are, to the letter, those of a deployment, whoever wrote them. `correlation`: the correlation id.
   */
  readonly by: "client-id" | "name" | "content" | "correlation";
}

/**
 * What somebody did: all events of one JIT request, or of one write, folded into one. The JSON of `bastion-trail activity
 * --json`. Absent facts are null.
 */
export interface Activity {
  /** Of the first event, ISO 8601 UTC. */
  readonly time: string;
  /** Of the last event. */
  readonly lastTime: string;
  readonly kind: ActivityKind;
  readonly action: ActivityAction;
  readonly status: ActivityStatus | null;
  readonly error: string | null;
  /** User principal name, or the object id of an application. */
  readonly caller: string | null;
  readonly callerName: string | null;
  readonly callerApp: string | null;
  readonly callerIp: string | null;
  /**
   * Those that were asked for; of a rule those of its request, else that Defender's description of it names, else the one
   * whose own group it is in, where the reader of the log knows that.
   */
  readonly vms: readonly ActivityVm[];
  /** The justification of a request. */
  readonly reason: string | null;
  /** ARM id of the policy, the network security group or the rule. */
  readonly resource: string | null;
  /**
   * Of a write what it changed, without rules that it only states again; of a request those that Defender wrote for it. Null
   * where no event tells.
   */
  readonly rules: readonly WrittenRule[] | null;
  /** Rules that a write took away or changed, as they were; empty where none or where the log does not tell which. */
  readonly removed: readonly WrittenRule[];
  /** Whether a write of rules lets anything in; null where no event tells, and where it is not a write of rules. */
  readonly opens: boolean | null;
  /**
   * What a write that is not Defender's opens beyond the requests that ran then, in words (`source *`, `port 0-65535`);
   * empty where they cover it, null where it opens nothing, or nobody can tell.
   */
  readonly beyond: readonly string[] | null;
  /** Who changed rules; null where it is not a write of rules. */
  readonly origin: Origin["origin"] | null;
  /** What tells the origin. */
  readonly originBy: Origin["by"] | null;
  /** The JIT request that a write of rules belongs to, where that can be told. */
  readonly request: RequestLink | null;
  readonly correlationId: string | null;
  readonly operationIds: readonly string[];
  /** Distinct events that it was folded from. */
  readonly events: number;
}

/** What a source yields: an event about access, one about something else, what is not an event, or another log's entry. */
export type SourceEvent =
  | { readonly event: ActivityEvent; readonly raw: RawEntry }
  | { readonly otherTime: string }
  | { readonly unreadable: Unreadable }
  /** What costs no event: a member that cannot be read, whose event is read without it; a file that is not a log. */
  | { readonly aside: Unreadable }
  /** Name of its category or table. */
  | { readonly otherLog: string };

/** Activities and what they rest on. */
export interface ActivityResult {
  /** Sorted by time; can be iterated once. Ending the iteration early frees what it holds. */
  readonly activities: AsyncIterable<Activity>;
  /** The first 10,000; complete when the activities begin. */
  readonly unreadable: readonly Unreadable[];
  readonly unread: Unread;
  readonly coverage: Coverage;
}
