/** `logs --follow`: shows sessions as they appear or change. */
import { hash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { LogResult, Session } from "../../audit/records/types.ts";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { NewlyUnreadable, type Newly } from "./newlyUnreadable.ts";

export interface Followed {
  /** Reads the source. @returns `undefined` if nothing can have changed since the last call. */
  readonly read: () => Promise<LogResult | undefined>;
  /** Milliseconds between two reads. */
  readonly interval: number;
  /** Called after each read with what became unreadable since the last one, and at the end. */
  readonly onUnreadable: (newly: Newly) => Promise<void>;
  /** Called after a failed read that will be retried. A failure of the first read ends the command instead. */
  readonly onFailure: (error: unknown) => Promise<void>;
}

/** Yields every session once, and again whenever it has changed, until the user stops the command. */
export async function* follow({ read, interval, onUnreadable, onFailure }: Followed, io: Io): AsyncGenerator<Session> {
  const shown = new Map<string, string>();
  const unreadable = new NewlyUnreadable();
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
    await onUnreadable(result === undefined ? unreadable.rest() : unreadable.after(result));
    await delay(interval, undefined, { signal: io.signal }).catch(() => undefined);
  }
  await onUnreadable(unreadable.rest());
}
