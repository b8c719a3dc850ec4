/**
 * Rules in the stack's network security groups that do not belong to the stack. A refresh does not report them: for a
 * group without inline rules, azure-native excludes the rules from the comparison.
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

/** ARM ids of the stack's groups without inline rules, except those deleted in Azure. */
export function groupsToCompare(resources: readonly RefreshedResource[]): string[] {
  return resources
    .filter(
      ({ type, change, deployed }) => type === groupType && change !== "deleted" && !("securityRules" in deployed),
    )
    .map(({ id }) => id);
}

export interface RuleFacts {
  readonly resources: readonly RefreshedResource[];
  /** The current groups in Azure. */
  readonly groups: readonly SecurityGroup[];
  /** The problems that doctor finds in rules named like Defender's. */
  readonly findings: readonly FoundByCheck[];
}

/** Rules that neither a `SecurityRule` of the stack declares nor a JIT policy or active request explains. */
export function ruleDrift({ resources, groups, findings }: RuleFacts): Drift[] {
  const declared = new Set(resources.filter(({ type }) => type === ruleType).map(({ id }) => id.toLowerCase()));
  const wrong = new Map(findings.map(({ resource, message }) => [resource.toLowerCase(), message]));
  return groups.flatMap(({ rules }) =>
    rules
      .filter(({ id, priority }) => priority < firstDefaultPriority && !declared.has(id.toLowerCase()))
      // Doctor judges inbound rules named like Defender's.
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
