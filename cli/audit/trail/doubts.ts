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
  /** When such rules were deleted, by their group or, if that is no known VM's, by its subscription. */
  readonly #deletions = new Map<string, number[]>();
  readonly #groupsOf: ReadonlyMap<string, readonly RowOf<"placements">[]>;

  /** @param lives in order of their start. */
  constructor(lives: readonly RuleLife[], placements: readonly RowOf<"placements">[]) {
    this.#told = new Set(lives.flatMap(({ request }) => request?.id ?? []));
    this.#groupsOf = Map.groupBy(placements, ({ VmKey }) => VmKey);
    const placed = new Set(placements.map(({ Group }) => Group));
    for (const { rule, author, byDefender, isDeleted, name, group, until } of lives) {
      const isUnknown = rule === null && author === null && !byDefender && isDeleted;
      if (!isUnknown || until === null || !isJitName(name)) continue;
      const place = placed.has(group) ? group : placeOf(group);
      this.#deletions.set(place, [...(this.#deletions.get(place) ?? []), until]);
    }
  }

  /** Returns when the first such rule was deleted during a grant; `forever` if none was. */
  of({ request, vm, from, until }: GrantLife): number {
    if (this.#deletions.size === 0 || this.#told.has(request.id)) return forever;
    const groups = this.#groupsOf.get(vm.toLowerCase())?.map(({ Group }) => Group) ?? [placeOf(vm)];
    const during = groups
      .flatMap((group) => this.#deletions.get(group) ?? [])
      .filter((time) => time > from && time < until - clockDifferenceMs);
    return Math.min(forever, ...during);
  }
}

function placeOf(id: string): string {
  return subscriptionOf(id)?.toLowerCase() ?? "";
}
