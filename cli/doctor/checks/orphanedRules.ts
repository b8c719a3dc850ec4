import { grantsOf, type JitGrant } from "../../../azure/jitGrants.ts";
import { isJitRule, isJitRuleFor } from "../../../azure/jitRules.ts";
import type { JitPolicy } from "../../../azure/jitPolicies.ts";
import type { NetworkInterface, SecurityGroup } from "../../../azure/networkInventory.ts";
import type { SecurityRule } from "../../../azure/networkSecurityRules.ts";
import { parseResourceId } from "../../../links/resourceId.ts";
import { formatTime } from "../../time.ts";
import type { Check } from "../check.ts";
import { count, found, type FoundByCheck, type Verdict } from "../finding.ts";
import { readMachines } from "../machines.ts";
import { quoted } from "../uncheckable.ts";

export interface OrphanFacts {
  readonly groups: readonly SecurityGroup[];
  readonly policies: readonly JitPolicy[];
  readonly nics: readonly NetworkInterface[];
  readonly now: Date;
}

/** Defender removes the rule of a request some time after its end; how long is not documented. */
const removalMs = 10 * 60_000;

export function judgeOrphanedRules({ groups, policies, nics, now }: OrphanFacts): Verdict {
  const nicsOf = Map.groupBy(nics, ({ vmId }) => vmId?.toLowerCase());
  const addressesOf = (vmId: string) =>
    (nicsOf.get(vmId.toLowerCase()) ?? []).flatMap(({ addresses }) => addresses.map(({ privateIp }) => privateIp));
  const covered = byAddress(
    policies.flatMap(({ vms }) =>
      vms.flatMap((vm) => addressesOf(vm.id).map((privateIp) => ({ privateIp, ports: vm.ports }))),
    ),
  );
  const granted = byAddress(
    policies.flatMap((policy) =>
      grantsOf(policy, now).flatMap((grant) => addressesOf(grant.vm).map((privateIp) => ({ privateIp, grant }))),
    ),
  );
  const rules = groups.flatMap((group) => group.rules.filter(isJitRule).map((rule) => ({ group, rule })));
  const findings = rules.flatMap(({ group, rule }): FoundByCheck[] => {
    if (rule.access === "deny") {
      const isNeeded = covered(rule).some(({ privateIp, ports }) =>
        ports.some(({ number }) => isJitRuleFor(rule, { privateIp, port: number })),
      );
      return isNeeded ? [] : [orphanedDeny(group, rule)];
    }
    const own = granted(rule)
      .filter(({ privateIp, grant }) => isJitRuleFor(rule, { privateIp, port: grant.port }))
      .map(({ grant }) => grant);
    const isNeeded = own.some(
      ({ state, end }) => state === "active" || (state === "expired" && now.getTime() - Date.parse(end) < removalMs),
    );
    return isNeeded ? [] : [orphanedAllow(group, rule, own)];
  });
  return { findings, seen: `${count(rules.length, "rule")} of Defender in ${count(groups.length, "group")}.` };
}

/** Finds those that a rule may be about: its destinations are addresses, and there may be thousands of VMs. */
function byAddress<T extends { readonly privateIp: string }>(
  items: readonly T[],
): (rule: SecurityRule) => readonly T[] {
  const known = Map.groupBy(items, ({ privateIp }) => privateIp);
  return ({ destinations }) =>
    destinations.includes("*") ? items : destinations.flatMap((one) => known.get(one.replace(/\/32$/, "")) ?? []);
}

function orphanedAllow(group: SecurityGroup, rule: SecurityRule, grants: readonly JitGrant[]): FoundByCheck {
  const [last] = [...grants].sort((a, b) => b.end.localeCompare(a.end));
  const why =
    last === undefined ? "no request asked for it" : `the last request for it ended at ${formatTime(last.end)}`;
  const message = `Defender's rule ${rule.name} of ${group.name} still lets ${rule.sources.join(", ")} reach port ${rule.ports.join(", ")} of ${rule.destinations.join(", ")}, and ${why}.`;
  return found("jit-rule-orphaned", rule.id, message, valuesOf(group, rule));
}

function orphanedDeny(group: SecurityGroup, rule: SecurityRule): FoundByCheck {
  const message = `Defender's rule ${rule.name} of ${group.name} still shuts port ${rule.ports.join(", ")} of ${rule.destinations.join(", ")}, and no JIT policy covers it.`;
  return found("jit-deny-orphaned", rule.id, message, valuesOf(group, rule));
}

function valuesOf(group: SecurityGroup, rule: SecurityRule) {
  const { resourceGroupName = "", subscriptionId: subscription = "" } = parseResourceId(group.id) ?? {};
  return { subscription, group: quoted(resourceGroupName), nsg: quoted(group.name), rule: quoted(rule.name) };
}

export const orphanedRules: Check = {
  name: "orphaned-rules",
  title: "each rule that Defender wrote has its request or its policy",
  examine: async ({ inventory }) => {
    const [all, policies, nics] = await Promise.all([
      inventory.securityGroups(),
      inventory.policies(),
      inventory.nics(),
    ]);
    // Rules of other stacks' VMs are those stacks' business.
    const own = inventory.subject.vms === undefined ? undefined : await readMachines(inventory);
    const onTheWay = own?.flatMap(({ addresses }) => addresses.flatMap(({ groups }) => groups));
    // A group of another subscription is in no list, and the same one stands before many VMs.
    const groups = onTheWay === undefined ? all : [...new Map(onTheWay.map((one) => [one.id, one])).values()];
    return judgeOrphanedRules({ groups, policies, nics, now: inventory.now() });
  },
};
