/** Grants: how long a request really gave access to a port. */
import { includesPort } from "@bastion-trail/core/rules/portRanges";
import { clockDifferenceMs, longestGrantMs } from "../../rules/jitTimes.ts";
import type { WrittenRule } from "../activity/types.ts";
import { vmNameIn } from "../activity/requests.ts";
import type { RequestFacts } from "./requestFacts.ts";
import type { RuleLife } from "./ruleLives.ts";
import { shortId } from "./shortId.ts";
import type { GrantEnd } from "./types.ts";

/** One port of one VM in a request. */
export interface GrantLife {
  readonly id: string;
  readonly request: RequestFacts;
  /** ARM id. */
  readonly vm: string;
  readonly vmName: string;
  readonly port: number;
  /** Address ranges; empty if neither the request nor its rule states any. */
  readonly sources: readonly string[];
  /**
   * Private addresses of the VM at that time, from the request's rules; empty if no rule is known. If a request has several VMs
   * and the rules do not name theirs, those of the other VMs are among them.
   */
  readonly vmIps: readonly string[];
  /**
   * Whether the log has the rule that Defender wrote for it, in each group, even if the rule is wider than the request or was
   * changed later.
   */
  readonly ruleTold: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly from: number;
  readonly until: number;
  readonly askedUntil: number;
  readonly endedBy: GrantEnd;
}

/**
 * Returns the grants of requests.
 * @param lives in order of their start.
 * @param readUntil grants that run past this time have no `endedBy` yet.
 * @param untold requests of which the log lacks the rules in a group.
 */
export function grantLives(
  requests: readonly RequestFacts[],
  lives: readonly RuleLife[],
  readUntil: number,
  untold: ReadonlySet<RequestFacts>,
): GrantLife[] {
  const rules = Map.groupBy(
    lives.filter(({ request }) => request !== null),
    ({ request }) => request?.id ?? "",
  );
  const wider = new Map<RequestFacts, RuleLife[]>();
  for (const life of lives.filter(({ request }) => request === null)) {
    for (const request of life.linked) wider.set(request, [...(wider.get(request) ?? []), life]);
  }
  const deletions = deletionsOf(lives);
  const asked = requests.flatMap((request) =>
    grantsOf(request, {
      own: rules.get(request.id) ?? [],
      wider: wider.get(request) ?? [],
      deletions,
      isUntold: untold.has(request),
    }),
  );
  const byPort = Map.groupBy(asked, ({ vm, port }) => `${vm.toLowerCase()} ${port}`);
  return [...byPort.values()].flatMap((grants) => {
    const inOrder = grants.sort((one, other) => one.from - other.from);
    return inOrder.map((grant, index) => {
      const newer = inOrder.slice(index + 1).find(({ from }) => from > grant.from);
      return ended(grant, newer, readUntil);
    });
  });
}

interface Asked extends Omit<GrantLife, "until" | "endedBy"> {
  /** When its rule was deleted; null if it was not. */
  readonly closed: number | null;
}

interface RequestRules {
  /** The rules that Defender wrote for the request. */
  readonly own: readonly RuleLife[];
  /** Other rules that the log links with the request: they open more than was requested. */
  readonly wider: readonly RuleLife[];
  readonly deletions: ReadonlyMap<RuleLife, number>;
  /** Whether the log lacks its rules in a group. */
  readonly isUntold: boolean;
}

function grantsOf(request: RequestFacts, { own: lives, wider, deletions, isUntold }: RequestRules): Asked[] {
  const from = Date.parse(request.at);
  return request.vms.flatMap(({ id, name, ports }) =>
    ports.flatMap(({ number, source, until }) => {
      if (id === null || until === null) return [];
      // A rule without its content can only be that of a request for a single port.
      const isSingle = request.vms.length === 1 && ports.length === 1;
      const own = lives.filter(({ rule }) =>
        rule === null ? isSingle : opens(rule, number) && isFor(rule.description, name),
      );
      const widerOwn = wider.filter(({ rule }) => opens(rule, number) && isFor(rule.description, name));
      const asked =
        source?.split(/\s*,\s*/) ?? own.at(-1)?.rule?.sources ?? (request.callerIp === null ? [] : [request.callerIp]);
      return [
        {
          id: shortId(request.id, id, number),
          request,
          vm: id,
          vmName: name,
          port: number,
          sources: asked,
          vmIps: privateAddresses(own.map(({ rule }) => rule)),
          ruleTold: !isUntold && (own.some(({ rule }) => rule !== null) || widerOwn.length > 0),
          from,
          askedUntil: Date.parse(until),
          closed: closedAt(own.length > 0 ? own : widerOwn, deletions),
        },
      ];
    }),
  );
}

/** Returns the private addresses of VMs by the rules that Defender wrote for them, each once. */
export function privateAddresses(rules: readonly (WrittenRule | null)[]): string[] {
  return [...new Set(rules.flatMap((rule) => rule?.destinations[0]?.split("/")[0] ?? []))];
}

/** Returns when the last of these rules was deleted; null if one of them was not. */
function closedAt(lives: readonly RuleLife[], deletions: RequestRules["deletions"]): number | null {
  const last = [...new Map(lives.map((life) => [placeOf(life), life])).values()];
  const times = last.flatMap((life) => deletions.get(life) ?? []);
  return last.length === 0 || times.length < last.length ? null : Math.max(...times);
}

/** Returns when rules were deleted, even if somebody changed them before. @param lives in order of their start. */
function deletionsOf(lives: readonly RuleLife[]): RequestRules["deletions"] {
  const found = new Map<RuleLife, number>();
  const later = new Map<string, number | null>();
  for (const life of lives.toReversed()) {
    const place = placeOf(life);
    const time = life.isDeleted || life.until === null ? life.until : (later.get(place) ?? null);
    later.set(place, time);
    if (time !== null) found.set(life, time);
  }
  return found;
}

function placeOf({ group, name }: RuleLife): string {
  return `${group}/${name.toLowerCase()}`;
}

function opens(rule: WrittenRule | null, port: number): rule is WrittenRule {
  return rule?.access === "allow" && rule.ports.some((range) => includesPort(range, port));
}

/** Returns whether a rule is for a VM of its request. If there are several, its description names the VM it is for. */
export function isFor(description: string | null, vmName: string): boolean {
  const named = vmNameIn(description);
  return named === null || named.toLowerCase() === vmName.toLowerCase();
}

/**
 * Determines how a grant ended.
 * @param newer the next request for the port, which replaces this one (`NewerRequestInitiated`).
 */
function ended({ closed, ...grant }: Asked, newer: Asked | undefined, readUntil: number): GrantLife {
  // If the refusal of a request is missing from the log, it may have asked for longer than Azure allows.
  const last = Math.min(grant.askedUntil, grant.from + longestGrantMs + clockDifferenceMs);
  const replaced = newer !== undefined && newer.from < last ? newer.from : Infinity;
  const revoked = closed !== null && closed < last ? closed : Infinity;
  if (replaced < Infinity && revoked >= replaced - clockDifferenceMs) {
    return { ...grant, until: replaced, endedBy: "replaced" };
  }
  if (revoked < Infinity) {
    // Defender may remove the rule a little early.
    const isEarly = revoked < last - clockDifferenceMs;
    return { ...grant, until: revoked, endedBy: isEarly ? "revoked" : "expired" };
  }
  return { ...grant, until: last, endedBy: last <= readUntil ? "expired" : null };
}
