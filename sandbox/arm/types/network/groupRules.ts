/** The rules of a network security group, as they are stored. */
import { numberAt, objectAt } from "../../bodies.ts";
import type { ResourceReader } from "../../model.ts";
import type { RuleDraft } from "./securityRuleChecks.ts";

export const securityRuleType = "Microsoft.Network/networkSecurityGroups/securityRules";

export function rulesOf(store: ResourceReader, nsgId: string): RuleDraft[] {
  return store
    .childrenOf(nsgId, securityRuleType)
    .map((rule) => ({ id: rule.id, name: rule.name, properties: objectAt(rule.body, "properties") }));
}

/** Order in which Azure evaluates and lists rules. */
export function byPriority(a: RuleDraft, b: RuleDraft): number {
  return priorityOf(a) - priorityOf(b);
}

function priorityOf(rule: RuleDraft): number {
  return numberAt(rule.properties, "priority") ?? 0;
}
