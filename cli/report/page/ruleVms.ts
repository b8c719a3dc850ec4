/** On which VMs the page shows a rule. */
import type { TrailRuleRow } from "../../audit/trail/types.ts";
import type { Model } from "./model.ts";

/**
 * The VMs that the trail knows a rule to be for. Of a rule that nobody requested it may know none: then those whose sessions it let in.
 * @returns lower-case ARM ids, by the index of the rule.
 */
export function vmsOfRules(
  model: Pick<Model, "data" | "count" | "start" | "rule" | "rules" | "text">,
): readonly ReadonlySet<string>[] {
  const { rules, rulesOfSessions } = model.data;
  const known = rules.map(({ vms }) => new Set(vms.map((id) => id.toLowerCase())));
  const unplaced = Map.groupBy(
    [...rules.keys()].filter((index) => known[index]?.size === 0),
    (index) => nameOf(rules[index]),
  );
  for (let row = 0; row < model.count; row += 1) {
    const start = model.start[row] ?? 0;
    const vm = model.text(row, "vm");
    for (const index of unplaced.get(nameOf(rulesOfSessions[model.rule[row] ?? -1])) ?? []) {
      const { from = Infinity, to = -Infinity } = model.rules[index] ?? {};
      if (vm !== null && from <= start && start <= to) known[index]?.add(vm.toLowerCase());
    }
  }
  return known;
}

/** Azure compares names of rules without their case. */
function nameOf(rule: Pick<TrailRuleRow, "name"> | undefined): string {
  return rule?.name.toLowerCase() ?? "";
}
