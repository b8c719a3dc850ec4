import assert from "node:assert/strict";
import { modelOf } from "../../../../cli/report/page/model.ts";
import { ruleOfSession } from "../../../../cli/report/page/ruleVms.ts";
import { SessionWriter } from "../../../../cli/report/sessionColumns.ts";
import type { TrailRuleRow } from "../../../../cli/audit/trail/types.ts";
import { rows, rules, surroundings } from "../story.ts";

/** Let a session in at 11:05, under a rule that the trail knows no VM of. */
const [row, opened] = [rows[3]!, { ...rules[1]!, vms: [] }];
const at = (clock: string): string => `2026-05-04T${clock}.000Z`;

/** The index of the session's rule, and of those shown for its VM. */
function ruleAmong(...lives: readonly Partial<TrailRuleRow>[]): [rule: number, shown: number[]] {
  const writer = new SessionWriter();
  writer.add(row);
  const all = lives.map((life) => ({ ...opened, ...life }));
  const model = modelOf({ ...surroundings, ...writer.written(), requests: [], grants: [], rules: all });
  const shown = [...all.keys()].filter((index) => model.ruleVms[index]?.has(row.vm?.toLowerCase() ?? "") === true);
  return [ruleOfSession(model, model.ruleVms, 0), shown];
}

describe("the rule that let a session in", () => {
  it("is the one that was in force when it began", () => {
    const [before, then] = [{ until: at("11:04:00") }, { from: at("11:04:00") }];
    assert.deepEqual(ruleAmong(before, then), [1, [1]]);
  });

  it("may have been written within the difference of the clocks, two minutes here", () => {
    assert.deepEqual(ruleAmong({ from: at("11:07:00") }), [0, [0]]);
    assert.deepEqual(ruleAmong({ until: at("11:03:00") }), [0, [0]]);
    assert.deepEqual(ruleAmong({ from: at("11:07:01") }), [-1, []]);
  });

  it("is not another rule of its name", () => {
    assert.deepEqual(ruleAmong({ priority: 301 }, { name: opened.name.toUpperCase() }), [1, [1]]);
  });
});
