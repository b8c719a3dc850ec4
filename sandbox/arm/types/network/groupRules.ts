/** The stored rules of a network security group. */
import { numberAt, objectAt } from "../../json.ts";
import type { ResourceReader } from "../../resource.ts";
import type { InlineChild } from "./inlineChildren.ts";

export const securityRuleType = "Microsoft.Network/networkSecurityGroups/securityRules";

export function rulesOf(store: ResourceReader, nsgId: string): InlineChild[] {
  return store
    .childrenOf(nsgId, securityRuleType)
    .map((rule) => ({ id: rule.id, name: rule.name, properties: objectAt(rule.body, "properties") }));
}

/** Compares rules in the order in which Azure evaluates and lists them. */
export function byPriority(a: InlineChild, b: InlineChild): number {
  return priorityOf(a) - priorityOf(b);
}

function priorityOf(rule: InlineChild): number {
  return numberAt(rule.properties, "priority") ?? 0;
}
