/** Finds the rules of a network security group that have Defender's names, and the ports they apply to. */
import { isInside } from "../rules/addressRanges.ts";
import { isJitName } from "@bastion-trail/core/rules/jitName";
import { includesPort } from "@bastion-trail/core/rules/portRanges";
import type { SecurityRule } from "./networkSecurityRules.ts";

/** Returns whether a rule has a name in Defender for Cloud's format, which anyone can use. */
export function isJitRule({ name }: Pick<SecurityRule, "name">): boolean {
  return isJitName(name);
}

/** A port of a VM, which a request opens. */
export interface VmPort {
  /** The VM's private address: the destination of every rule that Defender writes. */
  readonly privateIp: string;
  readonly port: number;
}

/** Returns the rules with Defender's names that open a port of a VM, from any source. */
export function openingRules(rules: readonly SecurityRule[], target: VmPort): SecurityRule[] {
  return jitRulesFor(rules, target).filter(({ access }) => access === "allow");
}

/**
 * Returns whether the port is open in at least one network security group, and in every group in which Defender closed it.
 * @param groups the rules of each group on the path to the VM.
 * @param counts whether an opening rule counts. Default: always.
 */
export function isOpened(
  groups: readonly (readonly SecurityRule[])[],
  target: VmPort,
  counts: (rule: SecurityRule) => boolean = () => true,
): boolean {
  const opened = groups.map((rules) => openingRules(rules, target).some(counts));
  const closed = groups.map((rules) => jitRulesFor(rules, target).some(({ access }) => access === "deny"));
  return opened.includes(true) && opened.every((isOpen, index) => isOpen || closed[index] !== true);
}

/** Returns whether a rule has one of Defender's names and applies to a port of a VM. */
export function isJitRuleFor(rule: SecurityRule, { privateIp, port }: VmPort): boolean {
  return (
    isJitRule(rule) &&
    rule.direction === "inbound" &&
    rule.destinations.some((destination) => isAddress(destination, privateIp)) &&
    rule.ports.some((range) => includesPort(range, port))
  );
}

function jitRulesFor(rules: readonly SecurityRule[], target: VmPort): SecurityRule[] {
  return rules.filter((rule) => isJitRuleFor(rule, target));
}

function isAddress(destination: string, ip: string): boolean {
  return destination.toLowerCase() === "virtualnetwork" || isInside(ip, destination);
}
