import { removalMs } from "../../rules/jitTimes.ts";
import type { RuleLife } from "./ruleLives.ts";
import type { RuleKind } from "./types.ts";

/**
 * Returns the kind of a rule.
 * @param grantEnd when the last grant of its request ended.
 * @param readUntil end of the log: a rule not deleted before then still existed.
 */
export function ruleKind(
  { rule, until, request, byDefender }: RuleLife,
  grantEnd: number | undefined,
  readUntil: number,
): RuleKind {
  if (request !== null) {
    return grantEnd !== undefined && (until ?? readUntil) > grantEnd + removalMs ? "leftover" : "requested";
  }
  if (rule === null) return "unread";
  return byDefender || rule.jitName ? "unrequested" : "opened";
}
