/**
 * Finds what can reach a port without a request, from the rules of the network security groups that protect the VM,
 * without those that Defender writes for requests.
 */
import type { SecurityGroup } from "../../azure/networkInventory.ts";
import { isJitRule } from "../../azure/jitRules.ts";
import type { SecurityRule } from "../../azure/networkSecurityRules.ts";
import { concerning, lettingsAt, type Concerned, type VmPort } from "../../rules/lettings.ts";
import { isFrom, networkPoints, sourcePoints } from "../../rules/sourcePoints.ts";
import { coverAllPorts, portsIn } from "@bastion-trail/core/rules/portRanges";

/** A rule that lets traffic in. */
export interface Opening {
  readonly group: SecurityGroup;
  readonly rule: SecurityRule;
  /** The sources of the rule from which the port can be reached. */
  readonly sources: readonly string[];
}

/** Lowest priority of Azure's default rules. */
export const firstDefaultPriority = 65_000;

/**
 * Rules that make the port reachable at any time, in the order of the groups and their priority. A default rule counts only
 * for sources that no custom rule lets in.
 */
export function standingOpenings(groups: readonly SecurityGroup[], target: VmPort): Opening[] {
  const concerned = groups.map((group) => standing(group, target));
  const opened = new Map<SecurityRule, Set<string>>();
  const all = concerned.flatMap((rules) => rules.flatMap(({ sources }) => sources));
  for (const point of sourcePoints(all, target.privateIp)) {
    const each = concerned.map((rules) => lettingsAt(rules, point));
    if (each.some((lettings) => lettings.length === 0)) continue;
    for (const { rule, sources } of ownFirst(each.flat())) {
      const known = opened.get(rule) ?? new Set();
      opened.set(rule, known);
      sources.filter((source) => isFrom(source, point)).forEach(({ text }) => known.add(text));
    }
  }
  return groups.flatMap((group) =>
    group.rules.flatMap((rule) => {
      const from = opened.get(rule);
      return from === undefined ? [] : { group, rule, sources: rule.sources.filter((source) => from.has(source)) };
    }),
  );
}

/** A rule that lets the Bastion subnet in. */
export type Letting = Pick<Opening, "group" | "rule">;

/**
 * Rules that let the Bastion subnet reach ports outside all JIT policies: a native client's tunnel goes to any port. If
 * custom rules do, the default rules are left out.
 * @param bastionRanges address ranges of the Bastion subnet.
 */
export function lettingsOfOtherPorts(
  groups: readonly SecurityGroup[],
  address: Pick<VmPort, "privateIp" | "asgIds">,
  jitPorts: ReadonlySet<number>,
  bastionRanges: readonly string[],
): Letting[] {
  // No rule begins or ends between two of these ports. Nothing uses port 0.
  const ranges = [...groups.flatMap(({ rules }) => rules.flatMap((rule) => rule.ports)), ...[...jitPorts].map(String)];
  const ports = [...new Set([1, ...ranges.flatMap(boundsOf)])].filter(
    (port) => port > 0 && port <= 65_535 && !jitPorts.has(port),
  );
  const lettings = ports.flatMap((port) => {
    const concerned = groups.map((group) => standing(group, { ...address, port, protocol: "TCP" }));
    const sources = concerned.flatMap((rules) => rules.flatMap((one) => one.sources));
    const points = bastionRanges.flatMap((text) => networkPoints(sources, text));
    return points.flatMap((point) => {
      const each = concerned.map((rules) => forEveryClient(lettingsAt(rules, point)));
      return each.some((first) => first.length === 0) ? [] : ownElseLast(each.flat());
    });
  });
  return [...new Map(lettings.map(({ group, rule }) => [rule.id, { group, rule }])).values()];
}

/** Rules that are named like Defender's and open something are judged elsewhere. */
function standing(group: SecurityGroup, target: VmPort): Concerned[] {
  return concerning(group, target).filter(({ rule }) => !(rule.access === "allow" && isJitRule(rule)));
}

/** Leaves out the default rules if others let every client in. */
function ownFirst(lettings: readonly Concerned[]): readonly Concerned[] {
  const own = lettings.filter((one) => !isDefault(one));
  return own.some(({ rule }) => coverAllPorts(rule.sourcePorts)) ? own : lettings;
}

/** The first rules that let a source in, up to one that does so from each of its ports. */
function forEveryClient(lettings: readonly Concerned[]): readonly Concerned[] {
  const last = lettings.findIndex(({ rule }) => coverAllPorts(rule.sourcePorts));
  return last === -1 ? lettings : lettings.slice(0, last + 1);
}

/** Leaves out the default rules of all groups but the last, or of all if others let every client in. */
function ownElseLast(lettings: readonly Concerned[]): readonly Concerned[] {
  const first = ownFirst(lettings);
  const lastDefault = first.findLast(isDefault);
  return first.filter((one) => !isDefault(one) || one === lastDefault);
}

function isDefault({ rule }: Concerned): boolean {
  return rule.priority >= firstDefaultPriority;
}

/** The first port of a range, and the first port after it. */
function boundsOf(range: string): number[] {
  const [first, last] = portsIn(range) ?? [];
  return first === undefined || last === undefined ? [] : [first, last + 1];
}
