import type { RuleLife } from "./ruleLives.ts";
import type { RuleKind } from "./types.ts";

/** Defender removes the rule of a request some time after its end; how long is not documented. */
const removalMs = 10 * 60_000;

/** @param grantEnd when the last grant of its request ended. @param readUntil up to when the log tells that it was there. */
export function ruleKind(
  { rule, until, request, byDefender }: RuleLife,
  grantEnd: number | undefined,
  readUntil: number,
): RuleKind {
  if (request !== null) {
    return grantEnd !== undefined && (until ?? readUntil) > grantEnd + removalMs ? "leftover" : "requested";
  }
  if (byDefender || rule?.jitName === true) return "unrequested";
  return rule === null ? "unread" : "opened";
}
