import assert from "node:assert/strict";
import { vmsOfRules } from "../../../../cli/report/page/ruleVms.ts";
import { rules } from "../story.ts";

const vms = ["/subscriptions/0f3c/WEB", "/subscriptions/0f3c/db", null];
const [rule] = rules;

/** The VMs of rules. @param indexes of the rule that let in the session with each of `vms`. */
function shown(known: readonly (readonly string[])[], indexes: readonly number[]): string[][] {
  const data = { rules: known.map((ids) => ({ ...rule!, vms: ids })) };
  const sets = vmsOfRules({ data, rule: Int32Array.from(indexes), text: (row) => vms[row] ?? null });
  return sets.map((ids) => [...ids]);
}

describe("the VMs of a rule in the page", () => {
  it("are those that the trail knows, without case", () => {
    assert.deepEqual(shown([["/subscriptions/0f3c/WEB"]], [-1, 0, 0]), [["/subscriptions/0f3c/web"]]);
  });

  it("are those of the sessions that it let in if the trail knows none", () => {
    assert.deepEqual(shown([[], []], [0, 0, 0]), [["/subscriptions/0f3c/web", "/subscriptions/0f3c/db"], []]);
    assert.deepEqual(shown([[], []], [1, 2, 1]), [[], ["/subscriptions/0f3c/web"]]);
  });
});
