/**
 * Finds the rules that let a connection reach a port of a VM. In each network security group the first matching rule
 * decides, and a connection must pass all groups (Azure, network-security-group-how-it-works.md).
 */
import type { SecurityGroup } from "../azure/networkInventory.ts";
import type { SecurityRule } from "../azure/networkSecurityRules.ts";
import { isSameIgnoringCase } from "../names/ignoringCase.ts";
import { isInside } from "./addressRanges.ts";
import { includeEverybody, isFrom, pointsOf, ruleSource, type RuleSource, type SourcePoint } from "./sourcePoints.ts";
import { coverAllPorts, includesPort } from "@bastion-trail/core/rules/portRanges";

/** A port of a VM, as rules see it. */
export interface VmPort {
  readonly privateIp: string;
  /** Application security groups of the address. */
  readonly asgIds: readonly string[];
  readonly port: number;
  /** `TCP` or `UDP`. */
  readonly protocol: string;
}

/** A rule of a group that may decide a connection to a port. */
export interface Concerned {
  readonly group: SecurityGroup;
  readonly rule: SecurityRule;
  readonly sources: readonly RuleSource[];
  readonly isForEverybody: boolean;
}

/** The rules of a group that may decide a connection to the port, in the order of the group. */
export function concerning(group: SecurityGroup, target: VmPort): Concerned[] {
  return group.rules
    .filter((rule) => concerns(rule, target))
    .map((rule) => ({
      group,
      rule,
      sources: rule.sources.map(ruleSource),
      isForEverybody: isForEverybody(rule, target.privateIp),
    }));
}

/** The rules that let a source in: those that allow it before another one denies it, up to one that allows everybody. */
export function lettingsAt(rules: readonly Concerned[], point: SourcePoint): Concerned[] {
  const lettings: Concerned[] = [];
  for (const one of rules.filter(({ sources }) => sources.some((source) => isFrom(source, point)))) {
    if (one.rule.access === "deny") break;
    lettings.push(one);
    if (one.isForEverybody) break;
  }
  return lettings;
}

/** A source from which a port can be reached. */
export interface Way {
  readonly point: SourcePoint;
  /** The rules that let it in. None if there is no group, so that everything may pass. */
  readonly lettings: readonly Pick<Concerned, "group" | "rule">[];
}

/**
 * Returns the ways from any of the sources to a port; none if it is closed to all of them.
 * @param groups on the way to the VM.
 */
export function waysIn(groups: readonly SecurityGroup[], target: VmPort, sources: readonly string[]): Way[] {
  const concerned = groups.map((group) => concerning(group, target));
  const known = concerned.flatMap((rules) => rules.flatMap((one) => one.sources));
  const points = sources.flatMap((source) => pointsOf(known, source, target.privateIp));
  return points.flatMap((point) => {
    const each = concerned.map((rules) => lettingsAt(rules, point));
    return each.some((lettings) => lettings.length === 0) ? [] : { point, lettings: each.flat() };
  });
}

/**
 * Whether a rule applies to an inbound connection to the target. A client chooses its own port, so a rule for some of the
 * source ports may allow a connection but stops nobody.
 */
export function concerns(rule: SecurityRule, { privateIp, asgIds, port, protocol }: VmPort): boolean {
  return (
    rule.direction === "inbound" &&
    [protocol.toLowerCase(), "*"].includes(rule.protocol) &&
    rule.ports.some((range) => includesPort(range, port)) &&
    (rule.access === "allow" || coverAllPorts(rule.sourcePorts)) &&
    rule.destinations.some(
      (destination) =>
        destination.toLowerCase() === "virtualnetwork" ||
        asgIds.some((id) => isSameIgnoringCase(id, destination)) ||
        isInside(privateIp, destination),
    )
  );
}

/** Whether a rule is for all sources from which an address can be reached. */
export function isForEverybody({ sources, sourcePorts }: SecurityRule, privateIp: string): boolean {
  return includeEverybody(sources, privateIp) && coverAllPorts(sourcePorts);
}
