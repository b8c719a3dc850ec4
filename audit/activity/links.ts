import { isDefender } from "./defender.ts";
import { windowMs, type Group, type Grouping } from "./group.ts";
import { isRuleOf, nameOf, requestsIn, type RequestFacts } from "./requests.ts";
import type { RequestLink, WrittenRule } from "./types.ts";

export interface Link {
  readonly request: RequestFacts;
  readonly by: RequestLink["by"];
}

/** A request that was told, and how long rules may belong to it. */
interface Known {
  readonly request: RequestFacts;
  /** In milliseconds. */
  readonly time: number;
  readonly until: number;
}

/** Defender writes a rule seconds after the request; clocks of Azure's services differ by less than a minute. */
const laterMs = 900_000;
const earlierMs = 60_000;
/** No policy allows more than a day (Defender for Cloud, "JIT access"); a request that says more is not waited for. */
const longestMs = 48 * windowMs;

/** Tells which write of rules belongs to which JIT request. */
export class Links {
  readonly #grouping: Grouping;
  readonly #facts = new WeakMap<Group, { readonly events: number; readonly requests: readonly RequestFacts[] }>();
  /** In the order of time. */
  #known: Known[] = [];
  readonly #byRule = new Map<string, Known>();

  constructor(grouping: Grouping) {
    this.#grouping = grouping;
  }

  requestsIn(group: Group): readonly RequestFacts[] {
    const made = this.#facts.get(group);
    if (made?.events === group.events.length) {
      return made.requests;
    }
    const requests = requestsIn(group);
    this.#facts.set(group, { events: group.events.length, requests });
    return requests;
  }

  /** Remembers requests that were told, as long as rules may follow; forgets those that are over at this moment. */
  remember(requests: readonly RequestFacts[], now: number): void {
    this.#known = this.#known.filter(({ until }) => until >= now);
    for (const [name, { until }] of this.#byRule) {
      if (until < now) this.#byRule.delete(name);
    }
    this.#known.push(...requests.map(knownOf));
  }

  /** The request that a group of rule writes belongs to; where it makes rules for it, their names are remembered. */
  linkOf(group: Group): Link | undefined {
    const rules = statedBy(group);
    const link = this.#correlated(group, rules) ?? this.#byTime(group, rules) ?? this.#byName(group);
    if (link !== undefined && link.by !== "rule") {
      const known = knownOf(link.request);
      rulesFor(link.request, rules).forEach(({ name }) => this.#byRule.set((name ?? "").toLowerCase(), known));
    }
    return link;
  }

  /** Rules that writes after a request made for it. */
  openedAfter(request: RequestFacts): WrittenRule[] {
    const time = Date.parse(request.time);
    const near = this.#grouping.open.filter(({ first }) => first <= time + laterMs);
    const groups = new Set([...this.#grouping.correlated(request.correlationId), ...near]);
    return [...groups]
      .filter((group) => group.kind === "rule" && isSameRequest(this.linkOf(group)?.request, request))
      .flatMap((group) => rulesFor(request, statedBy(group)));
  }

  #correlated({ correlationId, first }: Group, rules: readonly WrittenRule[]): Link | undefined {
    if (correlationId === null) {
      return undefined;
    }
    const told = this.#known.filter(
      ({ request, until }) => until >= first && request.correlationId?.toLowerCase() === correlationId.toLowerCase(),
    );
    const pending = this.#grouping.correlated(correlationId).filter(({ kind }) => kind === "request");
    const requests = [...told.map(({ request }) => request), ...pending.flatMap((group) => this.requestsIn(group))];
    const request = requests.find((one) => rulesFor(one, rules).length > 0) ?? requests[0];
    return request === undefined ? undefined : { request, by: "correlation" };
  }

  #byTime(group: Group, rules: readonly WrittenRule[]): Link | undefined {
    if (!isByDefender(group)) {
      return undefined;
    }
    const pending = this.#grouping.open.filter(
      ({ kind, first }) => kind === "request" && first <= group.first + laterMs,
    );
    const requests = [...this.#known.map(({ request }) => request), ...pending.flatMap((one) => this.requestsIn(one))];
    const request = requests.findLast((one) => {
      const age = group.first - Date.parse(one.time);
      return age <= laterMs && age >= -earlierMs && rulesFor(one, rules).length > 0;
    });
    return request === undefined ? undefined : { request, by: "time" };
  }

  #byName({ events, first }: Group): Link | undefined {
    const [event] = events;
    const known = this.#byRule.get(nameOf(event?.resource ?? "").toLowerCase());
    return known === undefined || known.until < first ? undefined : { request: known.request, by: "rule" };
  }
}

/** Whether Defender for Cloud made these writes. */
export function isByDefender({ events }: Pick<Group, "events">): boolean {
  const [first] = events;
  return first !== undefined && isDefender(first);
}

/** What the first event that states rules states. */
export function statedBy({ events }: Pick<Group, "events">): readonly WrittenRule[] {
  return events.find(({ rules }) => rules !== null)?.rules ?? [];
}

export function rulesFor(request: RequestFacts, rules: readonly WrittenRule[]): WrittenRule[] {
  return rules.filter((rule) => isRuleOf(rule, request));
}

function isSameRequest(one: RequestFacts | undefined, other: RequestFacts): boolean {
  const same = ["time", "correlationId", "policy", "caller"] as const;
  return one !== undefined && same.every((fact) => one[fact] === other[fact]);
}

function knownOf(request: RequestFacts): Known {
  const time = Date.parse(request.time);
  const ends = request.vms.flatMap(({ ports }) => ports.map(({ until }) => Date.parse(until ?? request.time)));
  return { request, time, until: Math.min(Math.max(time, ...ends) + windowMs, time + longestMs) };
}
