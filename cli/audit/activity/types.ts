import type { EventFacts } from "./eventFields.ts";
import type { Coverage, RawEntry, Unread, Unreadable } from "../records/types.ts";

/**
 * `request`: a JIT request. `rule`: a write of a network security group or of one of its rules. `policy`: a write of a JIT
 * policy.
 */
export type ActivityKind = "request" | "rule" | "policy";

export type ActivityAction = "initiate" | "write" | "delete";

/**
 * Status of an operation, in the words of the REST form; the exported forms use `Start`, `Accept`, `Success`, `Failure`
 * (azure-monitor-docs, activity-log-schema.md). Any other word is kept, in lower case.
 */
export type ActivityStatus = "started" | "accepted" | "succeeded" | "failed" | "canceled" | (string & {});

/** A port of a VM in a JIT request. A missing fact is null. */
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

/** A security rule as a write states it. A missing fact is null, a missing list is empty. */
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
  /** Ports of the client. */
  readonly sourcePorts: readonly string[];
  readonly description: string | null;
  /** Whether its name has the form of Defender for Cloud's names. Anyone can give a rule such a name. */
  readonly jitName: boolean;
}

/** One event of the activity log about access, in any source form. A missing fact is null. */
export interface ActivityEvent extends EventFacts {
  /** ISO 8601 UTC with three decimals. */
  readonly time: string;
  /** One of `accessOperations` of core/links/kql.ts, in that spelling. */
  readonly operation: string;
  readonly status: ActivityStatus | null;
  /** Azure's error text, if the operation failed. */
  readonly error: string | null;
  /** User principal name, or the object id of an application. */
  readonly caller: string | null;
  readonly callerName: string | null;
  readonly asked: Asked | null;
  /** Null if the event states no rules, or none that can be read. */
  readonly rules: readonly WrittenRule[] | null;
}

/** A VM of a request. */
export interface ActivityVm {
  /** ARM id; null if only the name is known, from the description of a rule. */
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

/** The request that a rule belongs to, and the basis for that link. */
export interface RequestLink {
  readonly correlationId: string | null;
  readonly time: string;
  readonly caller: string | null;
  readonly callerName: string | null;
  readonly callerApp: string | null;
  /**
   * `correlation`: both have the same correlation id. `time`: the rule opens what was requested minutes earlier. `rule`:
   * Defender wrote the rule of this name for the request.
   */
  readonly by: "correlation" | "time" | "rule";
}

/** Who changed rules, and the basis for that conclusion. */
export interface Origin {
  /**
   * `jit`: Defender for Cloud. `stack`: the write contains only what this project deploys. `outside`: any other user or
   * pipeline, outside JIT. `unclear`: any other caller with the correlation id of a JIT request, which every client can choose.
   */
  readonly origin: "jit" | "stack" | "outside" | "unclear";
  /**
   * `client-id`: the client id in the caller's token. `name`: the caller's name, in a log without client ids. `content`: the
   * rules are exactly those of a deployment, whoever wrote them. `correlation`: the correlation id.
   */
  readonly by: "client-id" | "name" | "content" | "correlation";
}

/**
 * One action of a caller, folded from all events of one JIT request or of one write: the JSON of `bastion-trail activity
 * --json`. Missing facts are null.
 */
export interface Activity {
  /** Time of the first event, ISO 8601 UTC. */
  readonly time: string;
  /** Time of the last event, ISO 8601 UTC. */
  readonly lastTime: string;
  readonly kind: ActivityKind;
  readonly action: ActivityAction;
  readonly status: ActivityStatus | null;
  readonly error: string | null;
  /** User principal name, or the object id of an application. */
  readonly caller: string | null;
  /**
   * All names by which logs may call the caller: `caller`, and the e-mail address, the user principal name and the object id of
   * the claims, each once. `caller` is only one of the first two (azure-powershell #4810).
   */
  readonly callerNames: readonly string[];
  readonly callerName: string | null;
  readonly callerApp: string | null;
  readonly callerIp: string | null;
  /**
   * For a request: the requested VMs. For a rule: the VMs of its request, else the VM that Defender's description names, else
   * the VM whose own group has the rule, if the reader knows it.
   */
  readonly vms: readonly ActivityVm[];
  /** ARM ids of the VMs of a request for which Azure did not refuse it: one of several can fail. */
  readonly acceptedVms: readonly string[];
  /** The justification of a request. */
  readonly reason: string | null;
  /** ARM id of the policy, the network security group or the rule. */
  readonly resource: string | null;
  /**
   * For a write: the rules it changed, without rules it only repeats. For a request: the rules that Defender wrote for it. Null
   * if no event shows them.
   */
  readonly rules: readonly WrittenRule[] | null;
  /**
   * For a write of a whole group by Defender for Cloud: rules that are not Defender's and that no earlier event shows so. It
   * repeats the rules of others, and can give them another priority.
   */
  readonly repeated: readonly WrittenRule[];
  /** Rules that a write deleted or changed, as they were before; empty if there are none or the log does not show which. */
  readonly removed: readonly WrittenRule[];
  /** Whether a write of rules lets anything in; null if no event shows it, or if this is not a write of rules. */
  readonly opens: boolean | null;
  /**
   * What a write by anyone but Defender opens beyond the requests that were active then, in words (`source *`, `port 0-65535`).
   * Empty if they cover it; null if it opens nothing or if that is unknown.
   */
  readonly beyond: readonly string[] | null;
  /** Who changed rules; null if this is not a write of rules. */
  readonly origin: Origin["origin"] | null;
  /** The basis for `origin`. */
  readonly originBy: Origin["by"] | null;
  /** The JIT request that a write of rules belongs to; null if unknown. */
  readonly request: RequestLink | null;
  readonly correlationId: string | null;
  readonly operationIds: readonly string[];
  /** Number of distinct events it was folded from. */
  readonly events: number;
}

/** An event about something other than access. */
export interface OtherEvent {
  readonly otherTime: string;
  /** ARM id of its resource. */
  readonly resource: string | null;
}

/**
 * What a source yields: an event about access, the time of an event about something else, an unreadable entry, or an entry of
 * another log.
 */
export type SourceEvent =
  | { readonly event: ActivityEvent; readonly raw: RawEntry }
  | OtherEvent
  | { readonly unreadable: Unreadable }
  /** A problem that loses no event: an unreadable member, without which its event is read; or a file that is not a log. */
  | { readonly aside: Unreadable }
  /** Name of its category or table. */
  | { readonly otherLog: string };

/** Activities and what they are based on. */
export interface ActivityResult {
  /** Sorted by time. Can be iterated once; ending the iteration early frees its resources. */
  readonly activities: AsyncIterable<Activity>;
  /** The first 10,000, complete once the activities begin. */
  readonly unreadable: readonly Unreadable[];
  readonly unread: Unread;
  readonly coverage: Coverage;
}
