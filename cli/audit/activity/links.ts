import type { Allowance } from "../../rules/excess.ts";
import { clockDifferenceMs, longestGrantMs } from "../../rules/jitTimes.ts";
import { isDefender } from "./defender.ts";
import { windowMs, type Group, type Grouping } from "./group.ts";
import { acceptedVms, allowancesOf, isBeside, isRuleOf, mayGuard, requestsIn, type LoggedRequest } from "./requests.ts";
import { groupIdOf } from "./ruleBook.ts";
import type { RequestLink, WrittenRule } from "./types.ts";

export interface Link {
  readonly request: LoggedRequest;
  readonly by: RequestLink["by"];
}

/** A request that was already returned, and how long rules may belong to it. Times are milliseconds since the Unix epoch. */
interface Known {
  readonly request: LoggedRequest;
  /** When its group began. */
  readonly first: number;
  /** When the last of its ports closes. */
  readonly ends: number;
  /** Writes may belong to it until then. */
  readonly until: number;
}

/** Defender writes a rule seconds after the request. */
const laterMs = 900_000;

/** How often ended requests are dropped. They are ignored even before that. */
const tidyMs = 600_000;

/** Finds the JIT request that each write of rules belongs to. */
export class Links {
  readonly #grouping: Grouping;
  readonly #facts = new WeakMap<Group, { readonly events: number; readonly requests: readonly LoggedRequest[] }>();
  /** In the order of their groups. */
  #known: Known[] = [];
  #byCorrelation = new Map<string, Known[]>();
  /** By the ARM id of the rule, in lower case. */
  #byRule = new Map<string, Known>();
  /** Private addresses of VMs, keyed by VM id in lower case, learned from the rules that Defender wrote for requests. */
  readonly #addresses = new Map<string, string>();
  #tidiedAt = -Infinity;

  constructor(grouping: Grouping) {
    this.#grouping = grouping;
  }

  requestsIn(group: Group): readonly LoggedRequest[] {
    const made = this.#facts.get(group);
    if (made?.events === group.events.length) {
      return made.requests;
    }
    const requests = requestsIn(group);
    this.#facts.set(group, { events: group.events.length, requests });
    return requests;
  }

  /** Returns the group of a request that was not returned yet. */
  pendingGroupOf(request: LoggedRequest): Group | undefined {
    return this.#grouping
      .correlated([request.correlationId ?? ""])
      .find((group) => group.kind === "request" && this.requestsIn(group).some((one) => isSameRequest(one, request)));
  }

  /** Remembers the returned requests of a group for as long as rules may follow. */
  remember(group: Group, requests: readonly LoggedRequest[]): void {
    if (group.first - this.#tidiedAt > tidyMs) {
      this.#tidiedAt = group.first;
      this.#forget(group.first);
    }
    const known = requests.map((request) => knownOf(request, group));
    this.#known.push(...known);
    for (const id of group.correlationIds) {
      this.#byCorrelation.set(id, [...(this.#byCorrelation.get(id) ?? []), ...known]);
    }
  }

  /** Drops the requests that no rule can belong to any more. */
  #forget(now: number): void {
    const isOver = ({ until }: Known): boolean => until < now;
    this.#known = this.#known.filter((known) => !isOver(known));
    this.#byCorrelation = new Map([...this.#byCorrelation].filter(([, known]) => !known.every(isOver)));
    this.#byRule = new Map([...this.#byRule].filter(([, known]) => !isOver(known)));
  }

  /**
   * Returns the request that a group of rule writes belongs to. If Defender wrote the rules for it, they are remembered.
   * @param rules what the writes changed.
   */
  linkOf(group: Group, rules: readonly WrittenRule[] = statedBy(group)): Link | undefined {
    const link = this.#correlated(group, rules) ?? this.#byTime(group, rules) ?? this.#byName(group, rules);
    if (link !== undefined && link.by !== "rule" && isByDefender(group)) {
      const known = knownOf(link.request, group);
      for (const rule of rulesFor(link.request, rules)) {
        this.#byRule.set(ruleIdOf(group, rule), known);
        this.#learnAddress(link.request, rule);
      }
    }
    return link;
  }

  /** Returns what the requests that are active at an instant allow at that instant. All of them were remembered. */
  allowancesAt(time: number): Allowance[] {
    const running = this.#known.filter(({ request, ends }) => Date.parse(request.time) <= time && time < ends);
    return running.flatMap(({ request }) =>
      acceptedVms(request).flatMap(({ id, ports }) => {
        const open = ports.filter(({ until }) => until === null || time < Date.parse(until));
        return allowancesOf({ id, ports: open }, [], this.#addresses.get(id.toLowerCase()) ?? null);
      }),
    );
  }

  #learnAddress({ vms }: LoggedRequest, { destinations }: WrittenRule): void {
    const [vm, ...others] = vms;
    const [address] = destinations;
    if (vm !== undefined && address !== undefined && others.length === 0) {
      this.#addresses.set(vm.id.toLowerCase(), address);
    }
  }

  /**
   * Returns the rules that Defender wrote for a request after it: from writes with its correlation id, or, if there are none,
   * from writes soon after it.
   */
  openedAfter(request: LoggedRequest, group: Group): WrittenRule[] {
    const correlated = this.#grouping
      .correlated(group.correlationIds)
      .filter((other) => other.kind === "rule" && isByDefender(other));
    return (correlated.length > 0 ? correlated : this.#near(request))
      .filter((other) => isSameRequest(this.linkOf(other)?.request, request))
      .flatMap((other) => rulesFor(request, statedBy(other)));
  }

  /** Returns Defender's writes soon after a request that no other request claims by correlation id. */
  #near(request: LoggedRequest): Group[] {
    const lastNear = Date.parse(request.time) + laterMs;
    const { open } = this.#grouping;
    const end = open.findIndex(({ first }) => first > lastNear);
    return open
      .slice(0, end === -1 ? open.length : end)
      .filter((group) => group.kind === "rule" && isByDefender(group) && this.#requestsOf(group).length === 0);
  }

  /** Returns the requests that share a correlation id with a group of writes. */
  #requestsOf(group: Group): readonly LoggedRequest[] {
    const { correlationIds, first } = group;
    const resource = resourceOf(group);
    const told = new Set([...correlationIds].flatMap((id) => this.#byCorrelation.get(id) ?? []));
    const running = [...told].filter(({ until }) => until >= first);
    const pending = this.#grouping.correlated(correlationIds).filter(({ kind }) => kind === "request");
    const all = [...running.map(({ request }) => request), ...pending.flatMap((one) => this.requestsIn(one))];
    return all.filter(({ vms }) => mayGuard(resource, vms));
  }

  /** A client may use one correlation id for several requests: returns the last before the write that asks for its rules. */
  #correlated(group: Group, rules: readonly WrittenRule[]): Link | undefined {
    const requests = this.#requestsOf(group);
    const accepted = requests.filter((one) => acceptedVms(one).length > 0);
    const asking = accepted.filter((one) => rulesFor(one, rules).length > 0);
    const beside = asking.filter(({ vms }) => isBeside(resourceOf(group), vms));
    const request =
      lastBefore(beside, group) ?? lastBefore(asking, group) ?? lastBefore(accepted, group) ?? requests[0];
    return request === undefined ? undefined : { request, by: "correlation" };
  }

  /** Returns the last request before Defender's write that asks for what the write opens. */
  #byTime(group: Group, rules: readonly WrittenRule[]): Link | undefined {
    if (!isByDefender(group)) {
      return undefined;
    }
    const isMeant = (request: LoggedRequest): boolean => {
      const isNear = group.first - Date.parse(request.time) <= laterMs;
      return isNear && mayGuard(resourceOf(group), request.vms) && rulesFor(request, rules).length > 0;
    };
    const pending = this.#grouping.open.filter(({ kind }) => kind === "request").flatMap((one) => this.requestsIn(one));
    const requests = [...this.#toldSince(group.first - laterMs - windowMs), ...pending];
    const isMeantBeside = (one: LoggedRequest): boolean => isBeside(resourceOf(group), one.vms) && isMeant(one);
    const request = lastBefore(requests, group, isMeantBeside) ?? lastBefore(requests, group, isMeant);
    return request === undefined ? undefined : { request, by: "time" };
  }

  /**
   * Returns the remembered requests of groups that began at this time or later. A request begins within the window of its
   * group.
   */
  #toldSince(time: number): LoggedRequest[] {
    const before = this.#known.findLastIndex(({ first }) => first < time);
    return this.#known.slice(before + 1).map(({ request }) => request);
  }

  /** Links a later write or deletion, by any caller, of a rule that Defender wrote for a request. */
  #byName(group: Group, rules: readonly WrittenRule[]): Link | undefined {
    const [event] = group.events;
    const ids = [event?.resource?.toLowerCase() ?? "", ...rules.map((rule) => ruleIdOf(group, rule))];
    const known = ids.map((id) => this.#byRule.get(id)).find((one) => one !== undefined);
    return known === undefined || known.until < group.first ? undefined : { request: known.request, by: "rule" };
  }
}

/** Returns the last of some requests that began before a write or, if clocks differ, the first after it. */
function lastBefore(
  requests: readonly LoggedRequest[],
  { first }: Group,
  isMeant: (request: LoggedRequest) => boolean = () => true,
): LoggedRequest | undefined {
  const isBy = (end: number) => (one: LoggedRequest) => Date.parse(one.time) <= end && isMeant(one);
  return requests.findLast(isBy(first)) ?? requests.find(isBy(first + clockDifferenceMs));
}

/** Returns whether Defender for Cloud made these writes. */
export function isByDefender({ events }: Pick<Group, "events">): boolean {
  const [first] = events;
  return first !== undefined && isDefender(first);
}

/** Returns the rules of the first event that states any. */
export function statedBy({ events }: Pick<Group, "events">): readonly WrittenRule[] {
  return events.find(({ rules }) => rules !== null)?.rules ?? [];
}

export function rulesFor(request: LoggedRequest, rules: readonly WrittenRule[]): WrittenRule[] {
  return rules.filter((rule) => isRuleOf(rule, request));
}

function isSameRequest(one: LoggedRequest | undefined, other: LoggedRequest): boolean {
  const same = ["time", "correlationId", "policy", "caller"] as const;
  return one !== undefined && same.every((fact) => one[fact] === other[fact]);
}

function resourceOf({ events }: Group): string | null {
  return events[0]?.resource ?? null;
}

function ruleIdOf(group: Group, { name }: WrittenRule): string {
  return `${groupIdOf(resourceOf(group))}/securityrules/${name?.toLowerCase() ?? ""}`;
}

function knownOf(request: LoggedRequest, { first }: Group): Known {
  const time = Date.parse(request.time);
  const ends = request.vms.flatMap(({ ports }) => ports.map(({ until }) => Date.parse(until ?? request.time)));
  const end = Math.max(time, ...ends);
  return { request, first, ends: end, until: Math.min(end, time + longestGrantMs) + windowMs };
}
