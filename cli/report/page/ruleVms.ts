/** On which VMs the page shows a rule. */
import type { TrailRuleRow } from "../../audit/trail/types.ts";
import type { PageData } from "../pageData.ts";

/** Sessions and rules of the page, as far as it is about where rules are shown. */
interface Sight {
  readonly data: Pick<PageData, "rules" | "rulesOfSessions">;
  /** How many sessions there are. */
  readonly count: number;
  /** Milliseconds since 1970, for each session. */
  readonly start: Float64Array;
  /** Index of the rule in `rulesOfSessions`, for each session; -1 where there is none. */
  readonly rule: Int32Array;
  readonly rules: readonly { readonly from: number; readonly to: number }[];
  readonly text: (row: number, column: "vm") => string | null;
}

/**
 * The VMs that the trail knows a rule to be for. Of a rule that nobody requested it may know none: then those whose sessions it let in.
 * @returns lower-case ARM ids, by the index of the rule.
 */
export function vmsOfRules(sight: Sight): readonly ReadonlySet<string>[] {
  const { rules, rulesOfSessions } = sight.data;
  const known = rules.map(({ vms }) => new Set(vms.map((id) => id.toLowerCase())));
  const unplaced = Map.groupBy(
    [...rules.keys()].filter((index) => known[index]?.size === 0),
    (index) => nameOf(rules[index]),
  );
  for (let row = 0; row < sight.count; row += 1) {
    const start = sight.start[row] ?? 0;
    const vm = sight.text(row, "vm");
    for (const index of unplaced.get(nameOf(rulesOfSessions[sight.rule[row] ?? -1])) ?? []) {
      const { from = Infinity, to = -Infinity } = sight.rules[index] ?? {};
      if (vm !== null && from <= start && start <= to) known[index]?.add(vm.toLowerCase());
    }
  }
  return known;
}

/** Azure compares names of rules without their case. */
function nameOf(rule: Pick<TrailRuleRow, "name"> | undefined): string {
  return rule?.name.toLowerCase() ?? "";
}
