import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { longestGrantMs } from "../../rules/jitTimes.ts";
import { addSubscription, type ActivityLog } from "../activity/activityLog.ts";
import { foldActivity } from "../activity/foldActivity.ts";
import type { Activity } from "../activity/types.ts";
import type { Unread, Unreadable } from "../records/types.ts";
import { blobSubscription, mayBeOf } from "./blobLog.ts";
import { LinkedRequests } from "./linkedRequests.ts";
import { LogSight, lostTime } from "./logSight.ts";
import { requestOf, type RequestFacts } from "./requestFacts.ts";
import { RuleLives, type RuleLife } from "./ruleLives.ts";
import type { LogCoverage } from "./types.ts";
import { minuteMs } from "../../time.ts";

/** What the activity log contains about access. */
export interface Access {
  readonly requests: readonly RequestFacts[];
  readonly lives: readonly RuleLife[];
  /** Requests for which Defender wrote a rule that may be another than those of `lives`: see `untoldRequests`. */
  readonly untold: ReadonlySet<RequestFacts>;
  /** Ids of the subscriptions that have an event, in lower case. */
  readonly subscriptions: readonly string[];
  readonly coverage: LogCoverage;
  readonly unreadable: readonly Unreadable[];
  readonly unread: Unread;
  /** Files with lost entries. */
  readonly lostIn: readonly string[];
}

/** How late events may arrive, in milliseconds (azure-monitor-docs, activity-log: 3 to 20 minutes). */
const latencyMs = 20 * minuteMs;

/** Reads the events of the activity log to their end. */
export async function readAccess(log: ActivityLog, now: Date): Promise<Access> {
  const { seen, besides } = log;
  const { unreadable, unread, lostIn } = besides;
  const subscriptions = new Set(log.subscriptions);
  const sight = new LogSight();
  if (seen !== undefined) sight.seeAll(seen, seen.count);
  for (const file of lostIn.filter((name) => mayBeOf("activity", name))) {
    sight.lose({ ...lostTime(file), subscription: blobSubscription(file) });
  }
  const requests: RequestFacts[] = [];
  const writes: Activity[] = [];
  for await (const activity of foldActivity(log.events)) {
    for (const { id } of activity.vms) addSubscription(subscriptions, id);
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
    if (isWhole) continue;
    const from = Date.parse(request.at);
    const subscription = subscriptionOf(activity.resource ?? "");
    sight.lose({ from, to: from + longestGrantMs, subscription });
  }
  const lives = new RuleLives(new LinkedRequests(requests));
  writes.forEach((write) => {
    lives.addWrite(write);
  });
  return {
    requests,
    lives: lives.result(),
    untold: lives.untoldRequests(),
    subscriptions: [...subscriptions],
    coverage: sight.coverage(now, latencyMs),
    unreadable,
    unread,
    lostIn,
  };
}
