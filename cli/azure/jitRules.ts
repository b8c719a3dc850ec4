/** Finds the rules of a network security group that have Defender's names, and the ports they apply to. */
import { isInside } from "../rules/addressRanges.ts";
import type { VmPort } from "../rules/lettings.ts";
import { isJitName } from "@bastion-trail/core/rules/jitName";
import { includesPort } from "@bastion-trail/core/rules/portRanges";
import type { SecurityRule } from "./networkSecurityRules.ts";

/** Returns whether a rule has a name in Defender for Cloud's format, which anyone can use. */
export function isJitRule({ name }: Pick<SecurityRule, "name">): boolean {
  return isJitName(name);
}

/** Returns the rules with Defender's names that open a port of a VM, from any source. */
export function openingRules(
  rules: readonly SecurityRule[],
  target: Pick<VmPort, "privateIp" | "port">,
): SecurityRule[] {
  return rules.filter((rule) => rule.access === "allow" && isJitRuleFor(rule, target));
}

/** Returns whether a rule has one of Defender's names and applies to a port of a VM. */
export function isJitRuleFor(rule: SecurityRule, { privateIp, port }: Pick<VmPort, "privateIp" | "port">): boolean {
  return (
    isJitRule(rule) &&
    rule.direction === "inbound" &&
    rule.destinations.some((destination) => isAddress(destination, privateIp)) &&
    rule.ports.some((range) => includesPort(range, port))
  );
}

function isAddress(destination: string, ip: string): boolean {
  return destination.toLowerCase() === "virtualnetwork" || isInside(ip, destination);
}
