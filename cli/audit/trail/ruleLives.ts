/** Security rules in the activity log, each from one write of it to the next. */
import { isDeepStrictEqual } from "node:util";
import { callerId } from "../../names/activityCaller.ts";
import { groupIdOf, isOfGroup } from "../activity/ruleBook.ts";
import type { Activity, WrittenRule } from "../activity/types.ts";
import { isRuleOf } from "../activity/requests.ts";
import { isRefused } from "../activity/status.ts";
import type { LinkedRequests } from "./linkedRequests.ts";
import type { RequestFacts } from "./requestFacts.ts";
import { removalMs } from "../../rules/jitTimes.ts";
import { shortId } from "./shortId.ts";

/** A rule during the time in which it did not change. */
export interface RuleLife {
  readonly id: string;
  /** `GROUP/*` if the log only shows that somebody wrote the whole group. */
  readonly name: string;
  /** Null if the log does not show what it opens. */
  readonly rule: WrittenRule | null;
  /** ARM id of its network security group, in lower case. */
  readonly group: string;
  /** Milliseconds since the Unix epoch; 0 if it existed before the log begins. */
  readonly from: number;
  /** When it was changed or deleted; null if it still exists. */
  readonly until: number | null;
  /** Whether it was deleted, rather than changed. */
  readonly isDeleted: boolean;
  /** Null if unknown. */
  readonly author: string | null;
  readonly byDefender: boolean;
  /** Whether it is a rule that a deployment of this project writes. */
  readonly byStack: boolean;
  readonly correlationId: string | null;
  /** The request that Defender wrote it for, if that asked for everything it opens, or the log does not show what it opens. */
  readonly request: RequestFacts | null;
  /** Whether the correlation id identifies that request, and the log shows what the rule opens. */
  readonly correlated: boolean;
  /** The requests that the log links with Defender's write of it. If it is that of none of them, it opens more than they asked for. */
  readonly linked: readonly RequestFacts[];
}

const defender = "Defender for Cloud";

/** Collects the lives of rules from activities in order of time. */
export class RuleLives {
  readonly #requests: LinkedRequests;
  /** Existing rules, by group and name. */
  readonly #present = new Map<string, Map<string, RuleLife>>();
  /** When Defender wrote rules of which the log does not show the content, nor a request, by group and name. */
  readonly #unseen = new Map<string, number>();
  /** Defender's writes of a whole group of which the log does not show the content, by group. */
  readonly #untold = new Map<string, readonly Activity[]>();
  /** All such writes for a request. */
  readonly #untoldFor: { readonly group: string; readonly requests: readonly RequestFacts[] }[] = [];
  /** Groups of which the log has shown all rules, and rules that were deleted since the log begins. */
  readonly #told = new Set<string>();
  readonly #past: RuleLife[] = [];

  constructor(requests: LinkedRequests) {
    this.#requests = requests;
  }

  addWrite(activity: Activity): void {
    if (activity.kind !== "rule" || isRefused(activity.status)) return;
    const group = groupIdOf(activity.resource);
    const single = /\/securityrules\/([^/]+)$/i.exec(activity.resource ?? "")?.[1];
    const time = Date.parse(activity.time);
    if (activity.action === "delete") {
      const gone = single === undefined ? [...(this.#present.get(group)?.keys() ?? [])] : [single];
      gone.forEach((name) => {
        this.#end(group, name, time, true, activity.origin === "jit");
      });
      return;
    }
    const isWhole = single === undefined && activity.rules !== null;
    const isOthers = isWhole && activity.origin !== "jit";
    // Such a write states all rules of the group, so nothing is left of an earlier one without a body.
    if (isOthers) this.#end(group, null, time, true);
    const rules = activity.rules ?? [];
    const named = new Set([...rules, ...activity.repeated].map(({ name }) => keyOf(name)));
    activity.removed.forEach(({ name }) => {
      if (!named.has(keyOf(name))) this.#end(group, name, time, true);
    });
    const isUntold = (rule: WrittenRule): boolean => isWhole && this.#putUntold(activity, group, rule);
    rules.forEach((rule) => {
      if (!isUntold(rule)) this.#begin(activity, group, rule.name, rule);
    });
    activity.repeated.forEach((rule) => {
      if (!isUntold(rule)) this.#repeat(activity, group, rule);
    });
    if (isWhole) {
      this.#told.add(group);
      this.#untold.delete(group);
    }
    if (activity.rules !== null) return;
    if (activity.origin === "jit" && single === undefined) {
      this.#untold.set(group, [...(this.#untold.get(group) ?? []), activity]);
      this.#untoldFor.push({ group, requests: this.#requests.of(activity) });
      return;
    }
    // Without the body of the write, it is unknown what it opens. Without a request, Defender only denies.
    const opensNothing = activity.origin === "jit" && this.#requests.onlyOf(activity) === undefined;
    if (opensNothing) this.#unseen.set(`${group}/${keyOf(single ?? null)}`, time);
    else this.#begin(activity, group, single ?? null, null);
  }

  /** Returns all lives, sorted by start. */
  result(): RuleLife[] {
    const present = [...this.#present.values()].flatMap((rules) => [...rules.values()]);
    return [...this.#past, ...present].sort((one, other) => one.from - other.from);
  }

  /** Returns the requests for which Defender wrote a group of which the log shows no rule that it wrote for them. */
  untoldRequests(): ReadonlySet<RequestFacts> {
    const told = Map.groupBy(
      this.result().filter(({ rule }) => rule !== null),
      ({ request }) => request,
    );
    const untold = this.#untoldFor.flatMap(({ group, requests }) =>
      requests.filter((request) => told.get(request)?.some((life) => life.group === group) !== true),
    );
    return new Set(untold);
  }

  #begin(activity: Activity, group: string, name: string | null, rule: WrittenRule | null): void {
    const byDefender = activity.origin === "jit";
    const linked = this.#requests.of(activity);
    const earlier = this.#present.get(group)?.get(keyOf(name));
    // Defender writes whole groups: somebody else's rule that it writes unchanged stays theirs, whatever was requested.
    const isOthers = earlier?.byDefender === false && earlier.author !== null;
    if (byDefender && isOthers && isOfGroup(activity) && isDeepStrictEqual(earlier.rule, rule)) return;
    // An earlier write may have had no content, or may have been for another request.
    const before = byDefender && earlier?.byDefender === true && earlier.request !== null ? [earlier.request] : [];
    const request =
      rule === null ? this.#requests.onlyOf(activity) : [...linked, ...before].find((one) => asksFor(one, rule));
    // Defender writes a rule again unchanged.
    if (request !== undefined && isSame(earlier, request, rule)) return;
    const isById =
      request !== undefined && linked.includes(request)
        ? activity.request?.by === "correlation"
        : earlier?.rule === null || earlier?.correlated === true;
    this.#put(activity, group, name, {
      rule,
      author: byDefender ? defender : (callerId(activity) ?? activity.callerName),
      byDefender,
      byStack: activity.origin === "stack",
      request: request ?? null,
      correlated: request !== undefined && rule !== null && isById,
      linked,
    });
  }

  /**
   * Begins the life of a rule in a write of its whole group, if it may be one that Defender wrote earlier, of which the log did not
   * show the content, and is not that of the write's own request.
   * @returns whether it may be.
   */
  #putUntold(activity: Activity, group: string, rule: WrittenRule): boolean {
    const own = activity.request?.by === "correlation" ? this.#requests.of(activity) : [];
    const untold = own.some((one) => asksFor(one, rule)) ? undefined : this.#untoldWrite(activity, group, rule);
    if (untold === undefined) return false;
    const { write, request } = untold;
    const ofDefender = { author: defender, byDefender: true, byStack: false };
    this.#put(write, group, rule.name, { rule, ...ofDefender, request, correlated: false, linked: [request] });
    return true;
  }

  /**
   * Returns the write and the request of such a rule: nobody else's rule had its name, and it opens only what was requested, until
   * later.
   */
  #untoldWrite(activity: Activity, group: string, rule: WrittenRule) {
    const time = Date.parse(activity.time);
    const earlier = this.#present.get(group)?.get(keyOf(rule.name));
    const possible: { readonly write: Activity; readonly request: RequestFacts }[] = [];
    if (earlier === undefined) {
      for (const write of this.#untold.get(group) ?? []) {
        possible.push(...this.#requests.of(write).map((request) => ({ write, request })));
      }
    } else if (activity.origin !== "jit" && earlier.byDefender && earlier.rule === null && earlier.request !== null) {
      possible.push({ write: activity, request: earlier.request });
    }
    // Defender may remove the rules of a request one after the other.
    const end = activity.origin === "jit" ? time - removalMs : time;
    return possible.findLast(({ request }) => lastsBeyond(request, end) && asksFor(request, rule));
  }

  /**
   * Begins the life of a rule that Defender writes with others. It is Defender's own if an earlier write of it was, or if the group
   * did not have it; else its author is who wrote it before, if the log shows that.
   */
  #repeat(activity: Activity, group: string, rule: WrittenRule): void {
    const present = this.#present.get(group);
    const earlier = present?.get(keyOf(rule.name));
    const isNew = earlier === undefined && this.#told.has(group) && present?.has(keyOf(null)) !== true;
    if (earlier?.byDefender === true || (isNew && rule.jitName)) {
      this.#begin(activity, group, rule.name, rule);
      return;
    }
    const { author = null, byStack = false } = earlier ?? {};
    this.#put(activity, group, rule.name, {
      rule,
      author,
      byStack,
      byDefender: false,
      request: null,
      correlated: false,
      linked: author === null && rule.jitName ? this.#requests.of(activity) : [],
    });
  }

  #put(
    { time, correlationId }: Activity,
    group: string,
    name: string | null,
    facts: Pick<RuleLife, "rule" | "author" | "byDefender" | "byStack" | "request" | "correlated" | "linked">,
  ): void {
    const from = Date.parse(time);
    this.#end(group, name, from, false);
    const known = this.#present.get(group) ?? new Map<string, RuleLife>();
    const id = shortId(group, name, time);
    known.set(keyOf(name), {
      id,
      name: name ?? `${group.split("/").at(-1) ?? ""}/*`,
      group,
      from,
      until: null,
      isDeleted: false,
      correlationId,
      ...facts,
    });
    this.#present.set(group, known);
  }

  #end(group: string, name: string | null, until: number, isDeleted: boolean, byDefender = false): void {
    const rules = this.#present.get(group);
    const life = rules?.get(keyOf(name));
    const place = `${group}/${keyOf(name)}`;
    const unseen = this.#unseen.get(place);
    if (life !== undefined) {
      rules?.delete(keyOf(name));
      this.#past.push({ ...life, until, isDeleted });
    } else if (
      isDeleted &&
      name !== null &&
      (unseen !== undefined || !(this.#told.has(group) || this.#told.has(place)))
    ) {
      // It is unknown what it opened and, if it existed before the log begins, since when.
      this.#past.push(unknownLife(group, name, { from: unseen ?? 0, until, byDefender }));
    }
    this.#unseen.delete(place);
    if (isDeleted) this.#told.add(place);
  }
}

/** @param facts.byDefender whether Defender deleted it: it deletes only its own. */
function unknownLife(
  group: string,
  name: string,
  { from, until, byDefender }: Pick<RuleLife, "from" | "until" | "byDefender">,
): RuleLife {
  return {
    id: shortId(group, name, from),
    name,
    rule: null,
    group,
    from,
    until,
    isDeleted: true,
    author: null,
    byDefender,
    byStack: false,
    correlationId: null,
    request: null,
    correlated: false,
    linked: [],
  };
}

/** Returns whether a request asked for everything that a rule opens. */
function asksFor({ vms }: RequestFacts, rule: WrittenRule): boolean {
  return isRuleOf(rule, { vms: vms.flatMap(({ id, ports }) => (id === null ? [] : [{ id, ports }])) });
}

function lastsBeyond({ vms }: RequestFacts, time: number): boolean {
  return vms.some(({ ports }) => ports.some(({ until }) => until !== null && Date.parse(until) > time));
}

/** Returns whether a rule is that of a request, with this content. */
function isSame(life: RuleLife | undefined, request: RequestFacts, rule: WrittenRule | null): boolean {
  return life?.byDefender === true && life.request === request && isDeepStrictEqual(life.rule, rule);
}

function keyOf(name: string | null): string {
  return name?.toLowerCase() ?? "";
}
