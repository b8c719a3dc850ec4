/** Which rules of a network security group are Defender's, and what they open. */
import type { SecurityRule } from "./networkSecurityRules.ts";

/** Names that Defender for Cloud, and Security Center before it, give their rules (release notes #259166). */
const jitRuleName = /^(SecurityCenter|MicrosoftDefenderForCloud)-JITRule/i;

/** Whether Defender for Cloud wrote a rule: a deny for a policy, an allow for a request. */
export function isJitRule({ name }: Pick<SecurityRule, "name">): boolean {
  return jitRuleName.test(name);
}

/** What a request opens. */
export interface JitTarget {
  /** The VM's private address: the destination of every JIT rule. */
  readonly privateIp: string;
  readonly port: number;
}

/** Defender's rules that open a port of a VM, for whatever source. */
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

/** Whether a rule is Defender's and about a port of a VM. */
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
  return destination === "*" || destination.replace(/\/32$/, "") === ip;
}

function includesPort(range: string, port: number): boolean {
  const [first = "", last = first] = range.split("-");
  return range === "*" || (Number(first) <= port && port <= Number(last));
}
