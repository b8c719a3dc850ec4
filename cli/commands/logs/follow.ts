/** `logs --follow`: shows sessions as they appear or change. */
import { hash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { LogResult, Session, Unread, Unreadable } from "../../audit/records/types.ts";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";

export interface Followed {
  /** Reads the source. @returns `undefined` if nothing can have changed since the last call. */
  readonly read: () => Promise<LogResult | undefined>;
  /** Milliseconds between two reads. */
  readonly interval: number;
  /** Called once for each unreadable place, and with how much became unreadable since the last read. */
  readonly onUnreadable: (unreadable: readonly Unreadable[], more: Unread) => Promise<void>;
  /** Called after a failed read that will be retried. A failure of the first read ends the command instead. */
  readonly onFailure: (error: unknown) => Promise<void>;
}

/** Yields every session once, and again whenever it has changed, until the user stops the command. */
export async function* follow({ read, interval, onUnreadable, onFailure }: Followed, io: Io): AsyncGenerator<Session> {
  const shown = new Map<string, string>();
  const told = new Set<string>();
  let before: Unread = { lost: 0, aside: 0 };
  let isFirst = true;
  while (!io.signal.aborted) {
    const result = await read().catch(async (error: unknown) => {
      if (isFirst || error instanceof UserError || io.signal.aborted) {
        throw error;
      }
      await onFailure(error);
      return undefined;
    });
    isFirst = false;
    for await (const session of result?.sessions ?? []) {
      const state = hash("sha256", JSON.stringify(session), "base64");
      // A session without a tunnel is a single record, which never changes.
      const key = session.tunnelId ?? state;
      if (shown.get(key) !== state) {
        shown.set(key, state);
        yield session;
      }
    }
    if (result !== undefined) {
      const { unreadable, unread } = result;
      const placeOf = ({ file, line, reason }: Unreadable): string => `${file}:${line ?? ""}:${reason}`;
      const found = unreadable.filter((one) => !told.has(placeOf(one)));
      const aside = Math.max(0, unread.aside - before.aside);
      // A file that was rotated away takes its places along, so others may be new although there are not more of them.
      const lost = Math.max(0, unread.lost - before.lost, Math.min(unread.lost, found.length - aside));
      await onUnreadable(found, { lost, aside });
      unreadable.forEach((one) => told.add(placeOf(one)));
      before = unread;
    }
    await delay(interval, undefined, { signal: io.signal }).catch(() => undefined);
  }
}
