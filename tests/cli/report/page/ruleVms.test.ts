import assert from "node:assert/strict";
import { vmsOfRules } from "../../../../cli/report/page/ruleVms.ts";
import { rules } from "../story.ts";

const vms = ["/subscriptions/0f3c/WEB", "/subscriptions/0f3c/db", null];
const [rule] = rules;

/** The VMs of rules that let in the session with each of `vms`. @param ruleRow index of each session's rule. */
function shown(known: readonly (readonly string[])[], ruleRow: readonly number[]): string[][] {
  const data = { rules: known.map((ids) => ({ ...rule!, vms: ids })) };
  const sets = vmsOfRules({ data, ruleRow: Int32Array.from(ruleRow), text: (row) => vms[row] ?? null });
  return sets.map((ids) => [...ids]);
}

describe("the VMs of a rule in the page", () => {
  it("are those that the trail knows, without case", () => {
    assert.deepEqual(shown([["/subscriptions/0f3c/WEB"]], [-1, 0, 0]), [["/subscriptions/0f3c/web"]]);
  });

  it("are those of the sessions that it let in if the trail knows none", () => {
    assert.deepEqual(shown([[], []], [0, 0, 0]), [["/subscriptions/0f3c/web", "/subscriptions/0f3c/db"], []]);
    assert.deepEqual(shown([[], []], [1, -1, 1]), [[], ["/subscriptions/0f3c/web"]]);
  });
});
