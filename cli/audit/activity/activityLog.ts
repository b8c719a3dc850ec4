import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { BesidesCollector, sumOf, type Besides } from "../store/besides.ts";
import { distinctEvents, type DistinctEvents } from "./distinctEvents.ts";
import { sortEvents } from "./sortEvents.ts";
import type { ActivityEvent, SourceEvent } from "./types.ts";

/** The events of a source about access, and what else it has. Everything but `events` and `duplicates` is complete. */
export interface ActivityLog extends DistinctEvents {
  /** Number of events about access, including duplicates. */
  readonly records: number;
  /** All events, including those about something else; `undefined` if there are none. */
  readonly seen: SeenEvents | undefined;
  /** Ids of the subscriptions whose resources have an event, in lower case. */
  readonly subscriptions: readonly string[];
  readonly besides: Besides;
}

/** Adds the id of a resource's subscription, if it has one, in lower case. */
export function addSubscription(subscriptions: Set<string>, resource: string | null): void {
  const id = subscriptionOf(resource ?? "");
  if (id !== undefined) subscriptions.add(id.toLowerCase());
}

interface SeenEvents {
  readonly count: number;
  /** Time of the first and the last one, in milliseconds since the Unix epoch. */
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a source to its end. The answer of a query - of Azure's activity log or of a workspace - has no name under which it
 * could be found again, so it is not stored; events in files are (`activityInFiles`).
 */
export async function activityIn(source: AsyncIterable<SourceEvent>): Promise<ActivityLog> {
  const besides = new BesidesCollector();
  let records = 0;
  let seen: SeenEvents | undefined;
  const subscriptions = new Set<string>();
  const see = (time: string, resource: string | null): void => {
    seen = withTime(seen, Date.parse(time));
    addSubscription(subscriptions, resource);
  };
  const events = async function* (): AsyncGenerator<ActivityEvent> {
    for await (const found of source) {
      if ("event" in found) {
        records += 1;
        see(found.event.time, found.event.resource);
        yield found.event;
      } else if ("otherTime" in found) {
        see(found.otherTime, found.resource);
      } else {
        besides.add(found, "");
      }
    }
  };
  const sorted = await sortEvents(events());
  return {
    ...distinctEvents(sorted),
    records,
    seen,
    subscriptions: [...subscriptions].sort(),
    besides: sumOf([besides.found]),
  };
}

function withTime(seen: SeenEvents | undefined, time: number): SeenEvents {
  return seen === undefined
    ? { count: 1, first: time, last: time }
    : { count: seen.count + 1, first: Math.min(seen.first, time), last: Math.max(seen.last, time) };
}
