/** Determines the VMs that the page shows a rule for. */
import type { PageData } from "../pageData.ts";

/** The part of the page's data that determines it. */
interface Sight {
  readonly data: Pick<PageData, "rules">;
  /** Index of each session's rule; beyond `rules` or -1 if the report does not have it. */
  readonly rule: Int32Array;
  readonly text: (row: number, column: "vm") => string | null;
}

/**
 * Returns the VMs of each rule that the trail knows. For a rule outside a request it may know none; its VMs are then
 * those of the sessions that it let in.
 * @returns lower-case ARM ids, by index of the rule.
 */
export function vmsOfRules({ data: { rules }, rule: ruleOf, text }: Sight): readonly ReadonlySet<string>[] {
  const vms = rules.map((rule) => new Set(rule.vms.map((id) => id.toLowerCase())));
  ruleOf.forEach((rule, row) => {
    if (rules[rule]?.vms.length !== 0) return;
    const vm = text(row, "vm");
    if (vm !== null) vms[rule]?.add(vm.toLowerCase());
  });
  return vms;
}
