import { policyActivity, requestActivity, ruleActivity } from "./activityOf.ts";
import { Grouping, type Group } from "./group.ts";
import { isByDefender, Links, rulesFor, statedBy } from "./links.ts";
import { RuleBook } from "./ruleBook.ts";
import { isTeardown } from "./teardown.ts";
import { isRefused } from "./status.ts";
import type { Activity, ActivityEvent } from "./types.ts";
import { writeOf } from "./writeOf.ts";

/**
 * Folds events into activities: the events of one JIT request into one, and those of one write of rules into one, linked to the
 * request it belongs to. Events may be missing, because Azure may not write all of them.
 *
 * @param events distinct, in the order of `sortEvents`. The events of one hour are held in memory, and requests while they are
 * active.
 * @returns activities in order of time.
 */
export async function* foldActivity(
  events: AsyncIterable<ActivityEvent> | Iterable<ActivityEvent>,
): AsyncGenerator<Activity> {
  const fold = new ActivityFold();
  for await (const event of events) {
    yield* fold.endedBefore(Date.parse(event.time));
    fold.add(event);
  }
  yield* fold.endedBefore(Infinity);
}

class ActivityFold {
  readonly #grouping = new Grouping();
  readonly #links = new Links(this.#grouping);
  readonly #book = new RuleBook();
  /** Activities that wait for one that began earlier. */
  readonly #due: Activity[] = [];

  add(event: ActivityEvent): void {
    this.#grouping.add(event);
  }

  *endedBefore(now: number): Generator<Activity> {
    for (let group = this.#grouping.take(now); group !== undefined; group = this.#grouping.take(now)) {
      this.#due.push(...this.#activitiesOf(group));
      // The second request with a correlation id may have begun after another operation.
      this.#due.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
      const next = this.#grouping.open[0]?.first ?? now;
      const later = this.#due.findIndex(({ time }) => Date.parse(time) > next);
      yield* this.#due.splice(0, later === -1 ? this.#due.length : later);
    }
  }

  #activitiesOf(group: Group): Activity[] {
    switch (group.kind) {
      case "policy":
        return [policyActivity(group)];
      case "rule":
        return [this.#writeOf(group)];
      case "request": {
        const requests = this.#links.requestsIn(group);
        this.#links.remember(group, requests);
        return requests.map((request) =>
          requestActivity(request, [...rulesFor(request, group.opened), ...this.#links.openedAfter(request, group)]),
        );
      }
    }
  }

  #writeOf(group: Group): Activity {
    const write = writeOf(group);
    const change = this.#book.changeBy(write);
    const isUnchanged = [change.written, change.removed].every((rules) => rules?.length === 0);
    // For a newer request, Defender may write the rule of an earlier one again unchanged.
    const link = this.#links.linkOf(
      group,
      isUnchanged && isByDefender(group) ? statedBy(group) : (change.written ?? []),
    );
    if (link !== undefined && isByDefender(group)) {
      this.#links.pendingGroupOf(link.request)?.opened.push(...statedBy(group));
    }
    const activity = ruleActivity(group, {
      change,
      stated: write.rules,
      link,
      before: this.#book.rulesIn(write.resource),
      isTeardown: isTeardown(group, this.#grouping.open),
      allowances: () => this.#links.allowancesAt(group.first),
    });
    if (!isRefused(activity.status)) this.#book.apply(write);
    return activity;
  }
}
