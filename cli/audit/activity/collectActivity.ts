import { Tally } from "../records/tally.ts";
import type { Coverage } from "../records/types.ts";
import { UnreadableList } from "../records/unreadableList.ts";
import { foldActivity } from "./foldActivity.ts";
import { sortEvents } from "./sortEvents.ts";
import type { Activity, ActivityEvent, ActivityResult, SourceEvent } from "./types.ts";

export interface CollectOptions {
  /** Keep activities that began at or after this instant. */
  readonly from?: Date | undefined;
  /** Keep activities that began before this instant. */
  readonly to?: Date | undefined;
  /** Number of files the source has read, final once it ends; null if the source has no files. */
  readonly files: () => number | null;
  /**
   * All events received before this instant were looked for; final once the source ends. Default: null, for a source that does
   * not go by the time of receipt.
   */
  readonly receivedUntil?: () => Date | null;
}

/**
 * Reads a source to its end and folds its events into activities.
 * @returns when everything is read; activities are folded while they are iterated.
 */
export async function collectActivity(
  source: AsyncIterable<SourceEvent>,
  { from, to, files, receivedUntil = () => null }: CollectOptions,
): Promise<ActivityResult> {
  const unreadable = new UnreadableList();
  const otherLogs = new Tally();
  let recordsRead = 0;
  let lastRecord: string | null = null;
  const events = async function* (): AsyncGenerator<ActivityEvent> {
    for await (const found of source) {
      if ("unreadable" in found || "aside" in found) {
        unreadable.add(found);
        continue;
      }
      if ("otherLog" in found) {
        otherLogs.add(found.otherLog);
        continue;
      }
      const time = "event" in found ? found.event.time : found.otherTime;
      lastRecord = lastRecord === null || time > lastRecord ? time : lastRecord;
      if ("event" in found) {
        recordsRead += 1;
        yield found.event;
      }
    }
  };
  const sorted = await sortEvents(events());
  return {
    activities: within(foldActivity(sorted.events), from, to),
    unreadable: unreadable.places,
    unread: unreadable.unread,
    get coverage(): Coverage {
      const range = { from: from?.toISOString() ?? null, to: to?.toISOString() ?? null };
      return {
        ...range,
        lastRecord,
        hoursRead: files(),
        recordsRead,
        duplicates: sorted.duplicates(),
        receivedUntil: receivedUntil()?.toISOString() ?? null,
        otherLogs: otherLogs.counts,
      };
    },
  };
}

async function* within(
  activities: AsyncIterable<Activity>,
  from: Date | undefined,
  to: Date | undefined,
): AsyncGenerator<Activity> {
  for await (const activity of activities) {
    const time = Date.parse(activity.time);
    if (time >= (from?.getTime() ?? -Infinity) && time < (to?.getTime() ?? Infinity)) {
      yield activity;
    }
  }
}
