import type { Coverage } from "../records/types.ts";
import type { ActivityLog } from "./activityLog.ts";
import { foldActivity } from "./foldActivity.ts";
import type { Activity, ActivityResult } from "./types.ts";

export interface CollectOptions {
  /** Keep activities that began at or after this instant. */
  readonly from?: Date | undefined;
  /** Keep activities that began before this instant. */
  readonly to?: Date | undefined;
  /** Number of files read; null if the source has no files. */
  readonly files: number | null;
  /** All events received before this instant were looked for. Default: null, for a source that does not go by that time. */
  readonly receivedUntil?: Date | null;
}

/** Folds events into activities while these are iterated. */
export function collectActivity(
  { events, duplicates, records, seen, besides }: ActivityLog,
  { from, to, files, receivedUntil = null }: CollectOptions,
): ActivityResult {
  const { unreadable, unread, otherLogs } = besides;
  return {
    activities: within(foldActivity(events), from, to),
    unreadable,
    unread,
    get coverage(): Coverage {
      return {
        from: from?.toISOString() ?? null,
        to: to?.toISOString() ?? null,
        lastRecord: seen === undefined ? null : new Date(seen.last).toISOString(),
        hoursRead: files,
        recordsRead: records,
        duplicates: duplicates(),
        receivedUntil: receivedUntil?.toISOString() ?? null,
        otherLogs,
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
