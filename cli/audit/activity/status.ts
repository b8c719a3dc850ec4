import type { ActivityEvent } from "./types.ts";

const refusals = ["failed", "canceled"];
/** Statuses that end an operation, worst first. */
const ends = [...refusals, "succeeded"];
/** All known statuses, in order of precedence. */
const ranks = [...ends, "accepted"];

/** Returns whether an operation with this status did not take place. */
export function isRefused(status: string | null): boolean {
  return status !== null && refusals.includes(status);
}

/** Returns whether an operation ended with this status. */
export function isEnd(status: string | null): boolean {
  return status !== null && ends.includes(status);
}

/**
 * Returns the status of an operation from all its events: for each resource, the last end status, or the acceptance if there is
 * none yet; across resources, the worst.
 */
export function statusOf(events: readonly ActivityEvent[]): string | null {
  const resources = Map.groupBy(events, ({ resource }) => resource?.toLowerCase() ?? "");
  const each = [...resources.values()].flatMap((own) => statusOfOne(own) ?? []);
  return worst(each);
}

function statusOfOne(events: readonly ActivityEvent[]): string | null {
  const ended = events.filter(({ status }) => isEnd(status));
  const last = ended.at(-1)?.time;
  return worst(
    (last === undefined ? events : ended.filter(({ time }) => time === last)).flatMap((e) => e.status ?? []),
  );
}

function worst(statuses: readonly string[]): string | null {
  const known = ranks.find((rank) => statuses.includes(rank));
  return known ?? statuses.find((status) => status !== "started") ?? statuses[0] ?? null;
}
