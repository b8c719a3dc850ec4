import { isDefender, isKnownByClientId } from "./defender.ts";
import type { Group } from "./group.ts";
import type { Link } from "./links.ts";
import { areOfDeployment, isOfJitVm, type RuleChange } from "./ruleBook.ts";
import type { Origin, WrittenRule } from "./types.ts";

export interface OriginFacts {
  readonly change: RuleChange;
  /** What the write states, what was there already included; null where the log does not tell. */
  readonly stated: readonly WrittenRule[] | null;
  readonly link: Link | undefined;
  /** The group's rules before the write; `undefined` where the log does not tell. */
  readonly before: readonly WrittenRule[] | undefined;
  /** Whether the group itself is deleted, or was right after. */
  readonly isTeardown: boolean;
}

/** Who changed rules. The log does not say which program a person used, so a deployment is told by what it writes. */
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

/** Whether the write states nothing but what a deployment of this project writes and takes down itself. */
function isOfDeployment({ change: { written, removed }, stated, before, isTeardown }: OriginFacts): boolean {
  if (written === null || removed === null) return false;
  if (isTeardown) {
    return before !== undefined && areOfDeployment(removed.filter(({ jitName }) => !jitName));
  }
  if (removed.length > 0) return false;
  // An update of a group states Defender's rules again, which are the deployment's no more than anybody's.
  const own = (stated ?? []).filter((rule) => !rule.jitName || written.includes(rule));
  if (!areOfDeployment(own)) return false;
  // The Bastion subnet's rules open ports: in the group of a JIT VM they are somebody else's.
  return own.every(({ access }) => access === "deny") || !(before ?? []).some(isOfJitVm);
}
