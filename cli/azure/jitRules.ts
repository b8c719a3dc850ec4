/** Which rules of a network security group have names of Defender's, and which ports they concern. */
import { isInside } from "../rules/addressRanges.ts";
import { isJitName } from "@bastion-trail/core/rules/jitName";
import { includesPort } from "@bastion-trail/core/rules/portRanges";
import type { SecurityRule } from "./networkSecurityRules.ts";

/** Whether a rule has a name that Defender for Cloud gives, which anybody can give as well. */
export function isJitRule({ name }: Pick<SecurityRule, "name">): boolean {
  return isJitName(name);
}

/** What a request opens. */
export interface JitTarget {
  /** The VM's private address: the destination of every rule that Defender writes. */
  readonly privateIp: string;
  readonly port: number;
}

/** Rules under Defender's name that open a port of a VM, for whatever source. */
export function openingRules(rules: readonly SecurityRule[], target: JitTarget): SecurityRule[] {
  return jitRulesFor(rules, target).filter(({ access }) => access === "allow");
}

/**
 * Whether the port is open in every network security group on the way that Defender closed it in, and in one at least.
 * @param groups the rules of each group.
 */
export function isOpened(
  groups: readonly (readonly SecurityRule[])[],
  target: JitTarget,
  counts: (rule: SecurityRule) => boolean = () => true,
): boolean {
  const opened = groups.map((rules) => openingRules(rules, target).some(counts));
  const closed = groups.map((rules) => jitRulesFor(rules, target).some(({ access }) => access === "deny"));
  return opened.includes(true) && opened.every((isOpen, index) => isOpen || closed[index] !== true);
}

/** Whether a rule has a name of Defender's and concerns a port of a VM. */
export function isJitRuleFor(rule: SecurityRule, { privateIp, port }: JitTarget): boolean {
  return (
    isJitRule(rule) &&
    rule.direction === "inbound" &&
    rule.destinations.some((destination) => isAddress(destination, privateIp)) &&
    rule.ports.some((range) => includesPort(range, port))
  );
}

function jitRulesFor(rules: readonly SecurityRule[], target: JitTarget): SecurityRule[] {
  return rules.filter((rule) => isJitRuleFor(rule, target));
}

function isAddress(destination: string, ip: string): boolean {
  return destination.toLowerCase() === "virtualnetwork" || isInside(ip, destination);
}
