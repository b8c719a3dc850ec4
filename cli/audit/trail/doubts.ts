/**
 * Finds when it becomes doubtful whether a grant lasts: somebody deleted a rule with a JIT name, of which the log has only that, and
 * which may have been the grant's. Azure may not log what Defender writes.
 */
import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { isJitName } from "@bastion-trail/core/rules/jitName";
import { clockDifferenceMs } from "../../rules/jitTimes.ts";
import { forever } from "../../time.ts";
import type { GrantLife } from "./grantLives.ts";
import type { RowOf } from "./relations.ts";
import type { RuleLife } from "./ruleLives.ts";

export class Doubts {
  /** Requests of which the log has a rule. */
  readonly #told: ReadonlySet<string>;
  /** Such rules, by their group or, if that is no known VM's, by its subscription. */
  readonly #deleted: ReadonlyMap<string, readonly RuleLife[]>;
  readonly #groupsOf: ReadonlyMap<string, readonly RowOf<"placements">[]>;

  constructor(lives: readonly RuleLife[], placements: readonly RowOf<"placements">[]) {
    this.#told = new Set(lives.flatMap(({ request }) => request?.id ?? []));
    this.#groupsOf = Map.groupBy(placements, ({ VmKey }) => VmKey);
    const placed = new Set(placements.map(({ Group }) => Group));
    this.#deleted = Map.groupBy(lives.filter(isUnknown), ({ group }) => (placed.has(group) ? group : placeOf(group)));
  }

  /** Returns when the first such rule was deleted during a grant; `forever` if none was. */
  of({ request, vm, from, until }: GrantLife): number {
    if (this.#deleted.size === 0 || this.#told.has(request.id)) return forever;
    const groups = this.#groupsOf.get(vm.toLowerCase())?.map(({ Group }) => Group) ?? [placeOf(vm)];
    const during = groups
      .flatMap((group) => this.#deleted.get(group) ?? [])
      .flatMap(({ until: deleted }) => deleted ?? [])
      .filter((time) => time > from && time < until - clockDifferenceMs);
    return Math.min(forever, ...during);
  }
}

function isUnknown({ rule, author, byDefender, isDeleted, name }: RuleLife): boolean {
  return rule === null && author === null && !byDefender && isDeleted && isJitName(name);
}

function placeOf(id: string): string {
  return subscriptionOf(id)?.toLowerCase() ?? "";
}
