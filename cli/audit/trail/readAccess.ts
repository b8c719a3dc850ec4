import { collectActivity } from "../activity/collectActivity.ts";
import type { Activity, SourceEvent } from "../activity/types.ts";
import type { Unread, Unreadable } from "../records/types.ts";
import { mayBeOf } from "./blobLog.ts";
import { LogSight } from "./logSight.ts";
import { requestOf, type RequestFacts } from "./requestFacts.ts";
import { RuleLives, type RuleLife } from "./ruleLives.ts";
import type { LogCoverage } from "./types.ts";

/** What the activity log contains about access. */
export interface Access {
  readonly requests: readonly RequestFacts[];
  readonly lives: readonly RuleLife[];
  /** Ids of the subscriptions that have an event, in lower case. */
  readonly subscriptions: readonly string[];
  readonly coverage: LogCoverage;
  readonly unreadable: readonly Unreadable[];
  readonly unread: Unread;
}

/** Maximum length of a grant, in milliseconds (Defender for Cloud, "JIT access"). */
export const longestGrantMs = 86_400_000;

/** How late events may arrive, in milliseconds (azure-monitor-docs, activity-log: 3 to 20 minutes). */
const latencyMs = 20 * 60_000;

/** Reads the activity log to its end. */
export async function readAccess(source: AsyncIterable<SourceEvent>, now: Date): Promise<Access> {
  const sight = new LogSight();
  const subscriptions = new Set<string>();
  const seen = seenBy(sight, subscriptions, source);
  const { activities, unreadable, unread } = await collectActivity(seen, { files: () => null });
  const requests: RequestFacts[] = [];
  const writes: Activity[] = [];
  for await (const activity of activities) {
    const request = requestOf(activity);
    if (request === undefined) {
      writes.push(activity);
      continue;
    }
    requests.push(request);
    // Without the body of a request, it is unknown what it opened, and for how long.
    const isWhole =
      request.vms.length > 0 &&
      request.vms.every(({ ports }) => ports.length > 0 && ports.every(({ until }) => until !== null));
    if (!isWhole) sight.lose(Date.parse(request.at), Date.parse(request.at) + longestGrantMs);
  }
  const lives = new RuleLives();
  requests.forEach((request) => {
    lives.addRequest(request);
  });
  writes.forEach((write) => {
    lives.addWrite(write);
  });
  return {
    requests,
    lives: lives.result(),
    subscriptions: [...subscriptions],
    coverage: sight.coverage(now, latencyMs),
    unreadable,
    unread,
  };
}

async function* seenBy(
  sight: LogSight,
  subscriptions: Set<string>,
  source: AsyncIterable<SourceEvent>,
): AsyncGenerator<SourceEvent> {
  const see = (time: string, ids: readonly (string | null)[]): void => {
    sight.see(Date.parse(time));
    for (const id of ids) {
      const [, subscription] = /^\/subscriptions\/([^/]+)/.exec(id?.toLowerCase() ?? "") ?? [];
      if (subscription !== undefined) subscriptions.add(subscription);
    }
  };
  for await (const found of source) {
    if ("event" in found) {
      const { time, resource, asked } = found.event;
      see(time, [resource, ...(asked?.vms ?? []).map(({ id }) => id)]);
    } else if ("otherTime" in found) see(found.otherTime, [found.resource]);
    else if ("unreadable" in found && mayBeOf("activity", found.unreadable.file)) sight.loseIn(found.unreadable.file);
    yield found;
  }
}
