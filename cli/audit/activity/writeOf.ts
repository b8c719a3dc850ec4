import type { Group } from "./group.ts";
import { meaningOf } from "./operations.ts";
import type { RuleWrite } from "./ruleBook.ts";

/** Reads the rules that the events of one write state. */
export function writeOf({ events }: Pick<Group, "events">): RuleWrite {
  const [first] = events;
  const isDeletion = first !== undefined && meaningOf(first.operation).action === "delete";
  return {
    resource: events.map(({ resource }) => resource).find((id) => id !== null) ?? null,
    action: isDeletion ? "delete" : "write",
    rules: events.map(({ rules }) => rules).find((rules) => rules !== null) ?? null,
  };
}
