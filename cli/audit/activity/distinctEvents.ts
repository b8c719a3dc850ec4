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
function distinctAt(events: readonly ActivityEvent[]): ActivityEvent[] {
  const byContent = new Map(events.map((event) => [JSON.stringify(event), event]));
  const distinct: ActivityEvent[] = [];
  for (const [, event] of [...byContent].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const at = distinct.findIndex((other) => isSameEvent(other, event));
    const known = distinct[at];
    if (known === undefined) distinct.push(event);
    else distinct[at] = merged(known, event);
  }
  return distinct;
}

/**
 * Returns whether two events with the same time are one event in two spellings: the table may have both (Azure-Sentinel #4350),
 * and the archive has the same events without their ids. Two events without an id are the same if they differ only in case.
 */
function isSameEvent(one: ActivityEvent, other: ActivityEvent): boolean {
  if (one.id !== null && other.id !== null) return one.id.toLowerCase() === other.id.toLowerCase();
  if (one.id === other.id) return JSON.stringify(one).toLowerCase() === JSON.stringify(other).toLowerCase();
  const facts = ["operation", "status", "correlationId", "resource", "caller"] as const;
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
