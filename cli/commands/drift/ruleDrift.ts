/**
 * Rules in the stack's network security groups that are not the stack's. A refresh shows none of them: azure-native leaves
 * the rules of a group without inline rules out of the comparison.
 */
import { isJitRule } from "../../azure/jitRules.ts";
import type { SecurityGroup } from "../../azure/networkInventory.ts";
import type { SecurityRule } from "../../azure/networkSecurityRules.ts";
import type { FoundByCheck } from "../doctor/finding.ts";
import { firstDefaultPriority } from "../doctor/standing.ts";
import type { Drift } from "./resourceDrift.ts";
import type { RefreshedResource } from "./refreshPreview.ts";

const groupType = "azure-native:network:NetworkSecurityGroup";
const ruleType = "azure-native:network:SecurityRule";

/** ARM ids of the stack's groups without inline rules, as far as they are there. */
export function groupsToCompare(resources: readonly RefreshedResource[]): string[] {
  return resources
    .filter(
      ({ type, change, deployed }) => type === groupType && change !== "deleted" && !("securityRules" in deployed),
    )
    .map(({ id }) => id);
}

export interface RuleFacts {
  readonly resources: readonly RefreshedResource[];
  /** The groups to compare, as they are in Azure. */
  readonly groups: readonly SecurityGroup[];
  /** What doctor finds wrong with rules under Defender's name. */
  readonly findings: readonly FoundByCheck[];
}

/** Rules that no `SecurityRule` of the stack declares and no JIT policy or active request accounts for. */
export function ruleDrift({ resources, groups, findings }: RuleFacts): Drift[] {
  const declared = new Set(resources.filter(({ type }) => type === ruleType).map(({ id }) => id.toLowerCase()));
  const wrong = new Map(findings.map(({ resource, message }) => [resource.toLowerCase(), message]));
  return groups.flatMap(({ rules }) =>
    rules
      .filter(({ id, priority }) => priority < firstDefaultPriority && !declared.has(id.toLowerCase()))
      // Doctor judges the inbound rules under Defender's name.
      .filter((rule) => !isJitRule(rule) || rule.direction !== "inbound" || wrong.has(rule.id.toLowerCase()))
      .map((rule) => ({
        change: "added" as const,
        type: ruleType,
        resource: rule.id,
        property: null,
        old: null,
        new: textOf(rule),
        note: wrong.get(rule.id.toLowerCase()) ?? null,
      })),
  );
}

/** `allow inbound tcp from Internet to *, port 22 (priority 300)` */
function textOf({ access, direction, protocol, sources, destinations, ports, priority }: SecurityRule): string {
  const [from, to, at] = [sources, destinations, ports].map((list) => list.join(", "));
  return `${access} ${direction} ${protocol} from ${from} to ${to}, port ${at} (priority ${priority})`;
}
