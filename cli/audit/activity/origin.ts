import { isDefender, isKnownByClientId } from "./defender.ts";
import type { Group } from "./group.ts";
import type { Link } from "./links.ts";
import { areOfDeployment, isOfJitVm, type RuleChange } from "./ruleBook.ts";
import type { Origin, WrittenRule } from "./types.ts";

export interface OriginFacts {
  readonly change: RuleChange;
  /** All rules the write states, including unchanged ones; null if the log does not show them. */
  readonly stated: readonly WrittenRule[] | null;
  readonly link: Link | undefined;
  /** The group's rules before the write; `undefined` if the log does not show them. */
  readonly before: readonly WrittenRule[] | undefined;
  /** Whether the group itself is deleted by this write or right after it. */
  readonly isTeardown: boolean;
}

/**
 * Returns who changed rules. The log does not name the program that a user ran, so a deployment is recognized by the rules it
 * writes.
 */
export function originOf(
  { events }: Group,
  facts: OriginFacts,
): { readonly origin: Origin["origin"]; readonly originBy: Origin["by"] } {
  const [first] = events;
  if (first !== undefined && isDefender(first)) {
    return { origin: "jit", originBy: isKnownByClientId(first) ? "client-id" : "name" };
  }
  const originBy = first !== undefined && isKnownByClientId(first) ? "client-id" : "name";
  if (facts.link?.by === "correlation") return { origin: "unclear", originBy: "correlation" };
  return isOfDeployment(facts) ? { origin: "stack", originBy: "content" } : { origin: "outside", originBy };
}

/** Returns whether the write contains only what a deployment of this project writes or deletes. */
function isOfDeployment({ change: { written, removed }, stated, before, isTeardown }: OriginFacts): boolean {
  if (written === null || removed === null) return false;
  if (isTeardown) {
    return before !== undefined && areOfDeployment(removed.filter(({ jitName }) => !jitName));
  }
  if (removed.length > 0) return false;
  // An update of a group repeats Defender's rules. They are not the deployment's, so unchanged ones are ignored.
  const own = (stated ?? []).filter((rule) => !rule.jitName || written.includes(rule));
  if (!areOfDeployment(own)) return false;
  // The Bastion subnet's rules open ports, so in the group of a JIT VM they cannot be the deployment's.
  return own.every(({ access }) => access === "deny") || !(before ?? []).some(isOfJitVm);
}
