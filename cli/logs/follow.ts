/** `logs --follow`: sessions as they appear or change. */
import { hash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { LogResult, Session, Unreadable } from "../../audit/records/types.ts";
import { UserError } from "../errors.ts";
import type { Io } from "../io.ts";

export interface Followed {
  /** Reads the source. @returns `undefined` where nothing can have changed since the last call. */
  readonly read: () => Promise<LogResult | undefined>;
  /** Milliseconds between two reads. */
  readonly interval: number;
  /** Told of each unreadable record once. */
  readonly onUnreadable: (unreadable: readonly Unreadable[]) => Promise<void>;
  /** Told of a read that failed and will be tried again. The first one is not: it ends the command. */
  readonly onFailure: (error: unknown) => Promise<void>;
}

/** Every session once, and again whenever it has changed, until the person stops the command. */
export async function* follow({ read, interval, onUnreadable, onFailure }: Followed, io: Io): AsyncGenerator<Session> {
  const shown = new Map<string, string>();
  const told = new Set<string>();
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
      // A session without a tunnel is one record, which does not change.
      const key = session.tunnelId ?? state;
      if (shown.get(key) !== state) {
        shown.set(key, state);
        yield session;
      }
    }
    const places = (result?.unreadable ?? []).map((one) => ({ one, place: `${one.file}:${one.line}` }));
    await onUnreadable(places.filter(({ place }) => !told.has(place)).map(({ one }) => one));
    places.forEach(({ place }) => told.add(place));
    await delay(interval, undefined, { signal: io.signal }).catch(() => undefined);
  }
}
