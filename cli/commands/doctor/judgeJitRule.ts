/** Judges whether a rule named like Defender's opens only what was requested, and was written by Defender. */
import type { SecurityGroup } from "../../azure/networkInventory.ts";
import type { SecurityRule } from "../../azure/networkSecurityRules.ts";
import { excessOf, excessWords, isProtocolOnly } from "../../rules/excess.ts";
import { removalMs } from "../../rules/jitTimes.ts";
import { formatTime } from "../../time.ts";
import type { RequestedPort } from "./requestedPorts.ts";
import { found, type FoundByCheck } from "./finding.ts";
import { ruleValues } from "./ruleValues.ts";

/** The author of a rule's current content, according to the activity log. */
export interface RuleAuthor {
  readonly name: string;
  readonly isDefender: boolean;
  /** ISO 8601 UTC. */
  readonly time: string;
}

export interface JitRuleFacts {
  readonly group: SecurityGroup;
  /** A rule that allows inbound traffic. */
  readonly rule: SecurityRule;
  /** Requests for the VMs that the group protects. */
  readonly requests: readonly RequestedPort[];
  /** `undefined` if the activity log does not have it. */
  readonly author: RuleAuthor | undefined;
  readonly now: Date;
}

/** @returns a finding unless active requests cover everything the rule opens, and only Defender wrote it. */
export function judgeJitRule(facts: JitRuleFacts): FoundByCheck | undefined {
  const { group, rule, requests, author, now } = facts;
  const running = requests.filter(({ grant }) => isRunning(grant, now));
  const values = ruleValues(group, rule);
  const what = `The rule ${rule.name} (priority ${rule.priority}) of ${group.name}`;
  const reach = `lets ${rule.sources.join(", ")} reach port ${rule.ports.join(", ")} of ${rule.destinations.join(", ")}`;
  if (running.length === 0) {
    const why = lastEnd(rule, requests) ?? "no request asked for it";
    return found("jit-rule-orphaned", rule.id, `${what} still ${reach}, and ${why}.${writtenBy(author)}`, values);
  }
  const excess = excessOf(
    rule,
    running.map(({ allowance }) => allowance),
  );
  // The protocol of Defender's rules is not documented, so a different protocol alone counts only if somebody else
  // wrote the rule.
  if (excess !== undefined && !(isProtocolOnly(excess) && author?.isDefender !== false)) {
    const ended = excessOf(
      rule,
      requests.map(({ allowance }) => allowance),
    );
    if (ended === undefined) {
      const why = lastEnd(rule, requests) ?? "its request has ended";
      return found("jit-rule-orphaned", rule.id, `${what} still ${reach}, and ${why}.${writtenBy(author)}`, values);
    }
    const beyond = excessWords(excess).join("; ");
    const message = `${what} opens more than the active requests ask for: ${beyond}. Requested: ${requested(running)}.${writtenBy(author)}`;
    return found("jit-rule-wider", rule.id, message, values);
  }
  if (author !== undefined && !author.isDefender) {
    const message = `${what} ${reach} as requested, but Defender did not write it and will not remove it.${writtenBy(author)}`;
    return found("jit-rule-not-defenders", rule.id, message, values);
  }
  return undefined;
}

function isRunning({ state, end }: RequestedPort["grant"], now: Date): boolean {
  return state === "active" || (state === "expired" && now.getTime() - Date.parse(end) < removalMs);
}

/** End of the last request for a port and an address of the rule. */
function lastEnd(rule: SecurityRule, requests: readonly RequestedPort[]): string | undefined {
  const partial = requests.filter(
    ({ allowance: { address, port } }) =>
      rule.ports.some((range) => range === String(port)) &&
      rule.destinations.some((one) => one.split("/")[0] === address),
  );
  const last = partial
    .map(({ grant }) => grant.end)
    .sort()
    .at(-1);
  return last === undefined ? undefined : `the last request for it ended at ${formatTime(last)}`;
}

function requested(requests: readonly RequestedPort[]): string {
  const texts = requests.map(
    ({ grant, allowance: { sources, port, address } }) =>
      `${sources.join(", ")} to port ${port} of ${grant.vmName} (${address ?? "?"}) until ${formatTime(grant.end)}`,
  );
  return [...new Set(texts)].join("; ");
}

function writtenBy(author: RuleAuthor | undefined): string {
  if (author === undefined) return " The activity log does not tell who wrote it.";
  return ` Written by ${author.name} at ${formatTime(author.time)}, by the activity log.`;
}
