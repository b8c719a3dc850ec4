import type { ActivityEvent } from "./types.ts";

export interface DistinctEvents {
  /** Each event once, in order of time. Can be iterated once. */
  readonly events: AsyncIterable<ActivityEvent>;
  /** Number of events that are duplicates, in the same or another spelling; counted while `events` is iterated. */
  readonly duplicates: () => number;
}

/**
 * Merges duplicates. Events with the same time are ordered by their content, so that a set of events has exactly one order,
 * wherever it was read.
 * @param sorted by time.
 */
export function distinctEvents(sorted: AsyncIterable<ActivityEvent>): DistinctEvents {
  let duplicates = 0;
  const distinctIn = (moment: readonly ActivityEvent[]): readonly ActivityEvent[] => {
    const distinct = moment.length > 1 ? distinctAt(moment) : moment;
    duplicates += moment.length - distinct.length;
    return distinct;
  };
  const events = async function* (): AsyncGenerator<ActivityEvent> {
    let moment: ActivityEvent[] = [];
    for await (const event of sorted) {
      if (moment[0] !== undefined && moment[0].time !== event.time) {
        yield* distinctIn(moment);
        moment = [];
      }
      moment.push(event);
    }
    yield* distinctIn(moment);
  };
  return { events: events(), duplicates: () => duplicates };
}

/** @param events with the same time. */
function distinctAt(events: readonly ActivityEvent[]): readonly ActivityEvent[] {
  const byContent = new Map(events.map((event) => [JSON.stringify(event), event]));
  const distinct = new DistinctAt();
  for (const [, event] of [...byContent].sort(([one], [other]) => (one < other ? -1 : 1))) distinct.add(event);
  return distinct.events;
}

/** Distinct events of one time. An export may have cut all times to seconds, so events are not compared one by one. */
class DistinctAt {
  readonly events: ActivityEvent[] = [];
  /** Places in `events`, by the keys of the events there. */
  readonly #places = new Map<string, Set<number>>();

  add(event: ActivityEvent): void {
    const own = keysOf(event);
    const places = [this.#find(own.same, event), this.#find(own.similar(event.id === null), event)];
    const at = Math.min(...places, this.events.length);
    const known = this.events[at];
    const kept = known === undefined ? event : merged(known, event);
    this.events[at] = kept;
    const keys = kept === event ? own : keysOf(kept);
    for (const key of [keys.same, keys.similar(kept.id !== null)]) {
      this.#places.set(key, (this.#places.get(key) ?? new Set()).add(at));
    }
  }

  /** Returns the first place of the same event. */
  #find(key: string, event: ActivityEvent): number {
    for (const at of this.#places.get(key) ?? []) {
      const known = this.events[at];
      if (known !== undefined && isSameEvent(known, event)) return at;
    }
    return Infinity;
  }
}

const facts = ["operation", "status", "correlationId", "resource", "caller"] as const;

/** Returns the texts that two events share if `isSameEvent` holds: `same` if both have an id, or both have none. */
function keysOf(event: ActivityEvent): { same: string; similar: (hasId: boolean) => string } {
  const shared = JSON.stringify(facts.map((fact) => event[fact]?.toLowerCase()));
  return {
    same: event.id === null ? JSON.stringify(event).toLowerCase() : event.id.toLowerCase(),
    similar: (hasId) => `${hasId} ${shared}`,
  };
}

/**
 * Returns whether two events with the same time are one event in two spellings: the table may have both (Azure-Sentinel #4350),
 * and the archive has the same events without their ids. Two events without an id are the same if they differ only in case.
 */
function isSameEvent(one: ActivityEvent, other: ActivityEvent): boolean {
  if (one.id !== null && other.id !== null) return one.id.toLowerCase() === other.id.toLowerCase();
  if (one.id === other.id) return JSON.stringify(one).toLowerCase() === JSON.stringify(other).toLowerCase();
  return facts.every((fact) => one[fact]?.toLowerCase() === other[fact]?.toLowerCase());
}

/** Merges two spellings of an event; where both have a fact, the first wins. */
function merged(one: ActivityEvent, other: ActivityEvent): ActivityEvent {
  const known = Object.entries(one).filter(([, value]) => value !== null);
  const resource = isOneCase(one.resource) ? (other.resource ?? one.resource) : one.resource;
  return { ...other, ...(Object.fromEntries(known) as Partial<ActivityEvent>), resource };
}

/** Returns whether an id is in one case only: the table has ids in lower case, the archive in upper case. */
function isOneCase(id: string | null): boolean {
  return id === null || id === id.toLowerCase() || id === id.toUpperCase();
}
