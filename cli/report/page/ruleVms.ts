/** Determines the VMs that the page shows a rule for. */
import type { TrailRuleRow } from "../../audit/trail/types.ts";
import type { PageData } from "../pageData.ts";

/** The part of the page's data that determines it. */
interface Sight {
  readonly data: Pick<PageData, "rules" | "rulesOfSessions">;
  /** Number of sessions. */
  readonly count: number;
  /** Start of each session in milliseconds since the Unix epoch. */
  readonly start: Float64Array;
  /** Index in `rulesOfSessions` for each session; -1 if there is none. */
  readonly rule: Int32Array;
  readonly rules: readonly { readonly from: number; readonly to: number }[];
  readonly text: (row: number, column: "vm") => string | null;
}

/**
 * Returns the VMs of each rule that the trail knows. For a rule outside a request it may know none; its VMs are then
 * those of the sessions that it let in.
 * @returns lower-case ARM ids, by index of the rule.
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

/** Azure ignores case in the names of rules. */
function nameOf(rule: Pick<TrailRuleRow, "name"> | undefined): string {
  return rule?.name.toLowerCase() ?? "";
}
