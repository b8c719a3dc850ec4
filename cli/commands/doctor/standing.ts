/**
 * Finds what can reach a port without a request, from the rules of the network security groups that protect the VM,
 * without those that Defender writes for requests. In each group the first matching rule decides, and a connection must
 * pass all groups (Azure, network-security-group-how-it-works.md).
 */
import type { SecurityGroup } from "../../azure/networkInventory.ts";
import { isJitRule } from "../../azure/jitRules.ts";
import type { SecurityRule } from "../../azure/networkSecurityRules.ts";
import { isInside, isWide, overlap } from "../../rules/addressRanges.ts";
import { includesPort, portsIn } from "@bastion-trail/core/rules/portRanges";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";

export interface StandingTarget {
  readonly privateIp: string;
  /** Application security groups of the address. */
  readonly asgIds: readonly string[];
  readonly port: number;
  /** `TCP`, `UDP` or `*`. */
  readonly protocol: string;
}

/** A rule that lets traffic in. */
export interface Opening {
  readonly group: SecurityGroup;
  readonly rule: SecurityRule;
  /** The sources of the rule that no earlier rule refuses. */
  readonly sources: readonly string[];
}

/** Lowest priority of Azure's default rules. */
export const firstDefaultPriority = 65_000;

/** Rules that make the port reachable at any time. If a custom rule does, the default rules are left out. */
export function standingOpenings(groups: readonly SecurityGroup[], target: StandingTarget): Opening[] {
  const [first = [], ...others] = groups.map((group) => openingsOf(group, target));
  const through = others.reduce(
    (before, next) => [
      ...before.filter((one) => next.some((other) => meets(one, other))),
      ...next.filter((one) => before.some((other) => meets(one, other))),
    ],
    first,
  );
  const own = through.filter(({ rule }) => rule.priority < firstDefaultPriority);
  return own.length > 0 ? own : through;
}

/** A rule that lets the Bastion subnet in. */
export type Letting = Pick<Opening, "group" | "rule">;

/**
 * Rules that let the Bastion subnet reach ports outside all JIT policies: a native client's tunnel goes to any port. If
 * custom rules do, the default rules are left out.
 * @param ranges address ranges of the Bastion subnet.
 */
export function lettingsOfOtherPorts(
  groups: readonly SecurityGroup[],
  address: Pick<StandingTarget, "privateIp" | "asgIds">,
  jitPorts: ReadonlySet<number>,
  ranges: readonly string[],
): Letting[] {
  // No rule begins or ends between two of these ports.
  const bounds = groups.flatMap(({ rules }) => rules.flatMap(({ ports }) => ports.flatMap((range) => boundsOf(range))));
  const ports = [...new Set([0, ...bounds])].filter((port) => port <= 65_535 && !jitPorts.has(port));
  const lettings = ports.flatMap((port) =>
    ranges.flatMap((range) => {
      const target = { ...address, port, protocol: "TCP" };
      const each = groups.map((group) => ({ group, rule: firstLetting(group, target, range) }));
      const through = each.flatMap(({ group, rule }) => (rule === undefined ? [] : [{ group, rule }]));
      if (through.length < each.length) return [];
      const own = through.filter(({ rule }) => rule.priority < firstDefaultPriority);
      return own.length > 0 ? own : through.slice(-1);
    }),
  );
  return [...new Map(lettings.map((letting) => [letting.rule.id, letting])).values()];
}

/** The rule that allows a range before another one denies it. Rules named like Defender's are judged elsewhere. */
function firstLetting(group: SecurityGroup, target: StandingTarget, range: string): SecurityRule | undefined {
  for (const rule of group.rules.filter((one) => concerns(one, target) && !isOpenedByJit(one))) {
    if (rule.access === "allow" && rule.sources.some((source) => lets(source, range))) return rule;
    if (rule.access === "deny" && rule.sources.some((source) => covers(source, range))) return undefined;
  }
  return undefined;
}

function isOpenedByJit(rule: SecurityRule): boolean {
  return rule.access === "allow" && isJitRule(rule);
}

/** The first port of a range, and the first port after it. */
function boundsOf(range: string): number[] {
  const [first, last] = portsIn(range) ?? [];
  return first === undefined || last === undefined ? [] : [first, last + 1];
}

/** Whether a source contains all addresses of a range of the virtual network. */
function covers(source: string, range: string): boolean {
  return source.toLowerCase() === "virtualnetwork" || isInside(range, source);
}

/** Whether a source certainly contains some addresses of a range of the virtual network. */
function lets(source: string, range: string): boolean {
  return covers(source, range) || isInside(source, range);
}

/** Whether a rule applies to an inbound connection to the target. */
export function concerns(rule: SecurityRule, { privateIp, asgIds, port, protocol }: StandingTarget): boolean {
  const wanted = protocol === "*" ? "tcp" : protocol.toLowerCase();
  return (
    rule.direction === "inbound" &&
    [wanted, "*"].includes(rule.protocol) &&
    rule.ports.some((range) => includesPort(range, port)) &&
    rule.destinations.some(
      (destination) =>
        isWide(destination) ||
        destination.toLowerCase() === "virtualnetwork" ||
        asgIds.some((id) => isSameIgnoringCase(id, destination)) ||
        isInside(privateIp, destination),
    )
  );
}

/** Whether a rule denies all sources. */
export function deniesAll({ access, sources }: SecurityRule): boolean {
  return access === "deny" && sources.some(isWide);
}

function openingsOf(group: SecurityGroup, target: StandingTarget): Opening[] {
  const openings: Opening[] = [];
  const refused: string[] = [];
  for (const rule of group.rules.filter((one) => concerns(one, target))) {
    if (rule.access === "deny") {
      if (deniesAll(rule)) break;
      refused.push(...rule.sources);
    } else if (!isOpenedByJit(rule)) {
      const sources = rule.sources.filter(
        // Only Azure's own probes have this source (Azure, what-is-ip-address-168-63-129-16.md).
        (source) => source.toLowerCase() !== "azureloadbalancer" && !refused.some((range) => isInside(source, range)),
      );
      if (sources.length > 0) openings.push({ group, rule, sources });
      if (sources.some(isWide)) break;
    }
  }
  return openings;
}

function meets(one: Opening, other: Opening): boolean {
  return one.sources.some((source) => other.sources.some((range) => overlap(source, range)));
}
