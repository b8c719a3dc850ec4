/** Determines which write of a rule let a session in, and the VMs that the page shows a rule for. */
import type { TrailRule } from "../../audit/trail/types.ts";
import type { PageData } from "../pageData.ts";

/** The part of the page's data that determines it. */
interface Sight {
  readonly data: Pick<PageData, "coverage" | "rules" | "rulesOfSessions">;
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
    (index) => keyOf(rules[index]),
  );
  const candidates = rulesOfSessions.map((rule) => unplaced.get(keyOf(rule)));
  for (let row = 0; row < sight.count; row += 1) {
    const vm = sight.text(row, "vm");
    const ofRow = candidates[sight.rule[row] ?? -1];
    if (vm === null || ofRow === undefined) continue;
    for (const index of inForce(sight, ofRow, row)) known[index]?.add(vm.toLowerCase());
  }
  return known;
}

/**
 * Returns the index in `rules` of the rule that let a session in; -1 if the report does not have it.
 * @param ruleVms as returned by `vmsOfRules`.
 */
export function ruleOfSession(sight: Sight, ruleVms: readonly ReadonlySet<string>[], row: number): number {
  const { rules, rulesOfSessions } = sight.data;
  const key = keyOf(rulesOfSessions[sight.rule[row] ?? -1]);
  const vm = sight.text(row, "vm")?.toLowerCase() ?? "";
  const own = [...rules.keys()].filter((index) => keyOf(rules[index]) === key && ruleVms[index]?.has(vm) === true);
  return inForce(sight, own, row)[0] ?? -1;
}

/** Returns those of some rules that were in force when a session began; if none was, those that were within the clocks' difference. */
function inForce({ data, start, rules }: Sight, indexes: readonly number[], row: number): readonly number[] {
  const began = start[row] ?? 0;
  const within = (skewMs: number): number[] =>
    indexes.filter((index) => {
      const { from = Infinity, to = -Infinity } = rules[index] ?? {};
      return from <= began + skewMs && began - skewMs <= to;
    });
  const strictly = within(0);
  return strictly.length > 0 ? strictly : within(data.coverage.skewSeconds * 1000);
}

/** Identifies a rule with its content. Azure ignores case in its name. */
function keyOf(rule: TrailRule | undefined): string {
  if (rule === undefined) return "";
  const { name, priority, author, sources, ports } = rule;
  return JSON.stringify([name.toLowerCase(), priority, author, sources, ports]);
}
