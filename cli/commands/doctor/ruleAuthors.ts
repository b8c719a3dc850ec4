/** Finds the author of a rule's current content in the activity log. */
import { activityIn } from "../../audit/activity/activityLog.ts";
import { foldActivity } from "../../audit/activity/foldActivity.ts";
import { readActivityValues } from "../../audit/activity/readActivity.ts";
import type { Activity, WrittenRule } from "../../audit/activity/types.ts";
import type { SecurityRule } from "../../azure/networkSecurityRules.ts";
import { activityCaller } from "../../names/activityCaller.ts";
import type { RuleAuthor } from "./judgeJitRule.ts";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";

/** Rule writes from activity log events, by time. */
export async function writesIn(events: AsyncIterable<unknown>): Promise<readonly Activity[]> {
  const { events: read } = await activityIn(readActivityValues("the activity log", events));
  const writes: Activity[] = [];
  for await (const activity of foldActivity(read)) {
    if (activity.kind === "rule") writes.push(activity);
  }
  return writes;
}

/**
 * Returns the author of the last write that changed the rule to its current content. A write of the whole group that
 * repeats the rule unchanged does not count.
 * @returns `undefined` if that write is not in the log, because it is older than 90 days or only minutes old.
 */
export function authorOf(rule: SecurityRule, writes: readonly Activity[]): RuleAuthor | undefined {
  const write = writes.findLast(
    ({ status, rules }) =>
      status !== "failed" && status !== "canceled" && rules?.some((one) => isSame(one, rule)) === true,
  );
  return write && { name: activityCaller(write) ?? "unknown", isDefender: write.origin === "jit", time: write.time };
}

function isSame(written: WrittenRule, live: SecurityRule): boolean {
  const lists = ["sources", "destinations", "ports", "sourcePorts"] as const;
  const text = (list: readonly string[]): string => [...list].sort().join().toLowerCase();
  return (
    isSameIgnoringCase(written.name, live.name) &&
    written.access === live.access &&
    written.direction === live.direction &&
    lists.every((list) => text(written[list]) === text(live[list]))
  );
}
