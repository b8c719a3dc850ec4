import { isJitRule, isJitRuleFor } from "../../../azure/jitRules.ts";
import type { SecurityGroup } from "../../../azure/networkInventory.ts";
import type { SecurityRule } from "../../../azure/networkSecurityRules.ts";
import { requestsBehind, type RequestParts } from "../requestedPorts.ts";
import type { Check, CheckContext } from "../check.ts";
import { counted } from "../../../counted.ts";
import { found, type FoundByCheck, type Judgement } from "../finding.ts";
import { judgeJitRule, type RuleAuthor } from "../judgeJitRule.ts";
import { readJitVms } from "../jitVms.ts";
import { ruleValues } from "../ruleValues.ts";
import { authorOf } from "../ruleAuthors.ts";

/** Number of rules whose authors are looked up concurrently. */
const atOnce = 8;

export interface OrphanFacts extends RequestParts {
  readonly groups: readonly SecurityGroup[];
  readonly now: Date;
  /** Authors of rules by ARM id, as far as they are in the activity log. */
  readonly authors: ReadonlyMap<string, RuleAuthor>;
}

/** Judges rules by what they open and who wrote them. The name only selects the rules that look like Defender's. */
export function judgeOrphanedRules({ groups, now, authors, ...parts }: OrphanFacts): Judgement {
  const requestsOf = requestsBehind(parts, now);
  const isCovered = coveredBy(parts);
  const rules = rulesIn(groups);
  const findings = rules.flatMap(({ group, rule }): FoundByCheck[] => {
    if (rule.access === "deny") return isCovered(rule) ? [] : [orphanedDeny(group, rule)];
    const finding = judgeJitRule({ group, rule, requests: requestsOf(group), author: authors.get(rule.id), now });
    return finding === undefined ? [] : [finding];
  });
  const known = rules.filter(({ rule }) => authors.has(rule.id)).length;
  const allows = rules.filter(({ rule }) => rule.access === "allow").length;
  const rest =
    allows === 0
      ? ""
      : ` Judged by the policies' requests; the activity log tells who wrote ${known} of ${counted(allows, "allow rule")}.`;
  return {
    findings,
    seen: `${counted(rules.length, "rule")} under Defender's name in ${counted(groups.length, "group")}.${rest}`,
  };
}

/** Inbound rules named like Defender's. An outbound rule lets nobody in. */
function rulesIn(groups: readonly SecurityGroup[]): { group: SecurityGroup; rule: SecurityRule }[] {
  return groups.flatMap((group) =>
    group.rules.filter((rule) => isJitRule(rule) && rule.direction === "inbound").map((rule) => ({ group, rule })),
  );
}

/** Returns a test of whether a policy has a port that the rule closes. */
function coveredBy({ policies, nics }: RequestParts): (rule: SecurityRule) => boolean {
  const addressesOf = Map.groupBy(
    nics.flatMap(({ vmId, addresses }) => addresses.map(({ privateIp }) => ({ vm: vmId?.toLowerCase(), privateIp }))),
    ({ vm }) => vm,
  );
  const places = policies.flatMap(({ vms }) =>
    vms.flatMap(({ id, ports }) =>
      (addressesOf.get(id.toLowerCase()) ?? []).map(({ privateIp }) => ({ privateIp, ports })),
    ),
  );
  const byAddress = Map.groupBy(places, ({ privateIp }) => privateIp);
  return (rule) => {
    // Looks up single addresses first: Defender's own rules have them, and there may be thousands of VMs.
    const named = rule.destinations.flatMap((one) => byAddress.get(one.replace(/\/32$/, "")) ?? []);
    return (named.length > 0 ? named : places).some(({ privateIp, ports }) =>
      ports.some(({ number }) => isJitRuleFor(rule, { privateIp, port: number })),
    );
  };
}

function orphanedDeny(group: SecurityGroup, rule: SecurityRule): FoundByCheck {
  const message = `The rule ${rule.name} of ${group.name} still denies port ${rule.ports.join(", ")} of ${rule.destinations.join(", ")}, and no JIT policy covers it.`;
  return found("jit-deny-orphaned", rule.id, message, ruleValues(group, rule));
}

export const orphanedRules: Check = {
  title: "each rule under Defender's name opens only what active requests ask for, or denies for a policy",
  examine: async (context) => {
    const { inventory } = context;
    // Rules for the VMs of other stacks are left to those stacks.
    const own = inventory.subject.vms === undefined ? undefined : await readJitVms(inventory);
    const onTheWay = own?.flatMap(({ addresses }) => addresses.flatMap(({ groups }) => groups));
    // The list lacks groups of other subscriptions, and one group may protect many VMs.
    const groups =
      onTheWay === undefined
        ? await inventory.securityGroups()
        : [...new Map(onTheWay.map((one) => [one.id, one])).values()];
    return examineRules(context, groups);
  },
};

type Reading = Pick<CheckContext, "inventory" | "attempt">;

/** Judges the rules named like Defender's in some groups. @throws the error of a failed read. */
export async function examineRules(context: Reading, groups: readonly SecurityGroup[]): Promise<Judgement> {
  const { inventory } = context;
  const [policies, nics, subnets] = await Promise.all([inventory.policies(), inventory.nics(), inventory.subnets()]);
  const authors = await readAuthors(context, groups);
  return judgeOrphanedRules({ groups, policies, nics, subnets, now: inventory.now(), authors });
}

async function readAuthors(
  { inventory, attempt }: Reading,
  groups: readonly SecurityGroup[],
): Promise<ReadonlyMap<string, RuleAuthor>> {
  const allows = rulesIn(groups).filter(({ rule }) => rule.access === "allow");
  const authors = new Map<string, RuleAuthor>();
  // A few at a time, because each look-up is a separate query of the activity log.
  for (let at = 0; at < allows.length; at += atOnce) {
    await Promise.all(
      allows.slice(at, at + atOnce).map(async ({ group, rule }) => {
        const writes = await attempt(() => inventory.ruleWrites(group.id, rule.id));
        const author = writes && authorOf(rule, writes);
        if (author !== undefined) authors.set(rule.id, author);
      }),
    );
  }
  return authors;
}
