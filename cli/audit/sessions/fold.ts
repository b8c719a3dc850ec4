import type { Coverage, LogResult, SessionFilter } from "../records/types.ts";
import { UnreadableList } from "../records/unreadableList.ts";
import { Tally } from "../records/tally.ts";
import { openEngine, type Engine } from "../store/engine.ts";
import { createEvidence, type Evidence } from "../store/evidence.ts";
import { addressMatcher } from "./addressMatcher.ts";
import { createSessions } from "./sessionRelation.ts";
import { collectSessions, showSessions } from "./showSessions.ts";

export interface FoldOptions {
  /** Which sessions to return. Default: all. */
  readonly filter?: SessionFilter;
  /** The present, which tells an open session from one of unknown state. */
  readonly now: Date;
  /** Memory for tables and sorts in MB, whatever the size of the logs; the process takes some more. @default 512 */
  readonly memoryLimitMb?: number;
}

/**
 * Folds evidence into sessions. Whatever fails, nothing is left open.
 * @param read gives the evidence; it may use the engine, which is closed with the last session.
 * @throws RangeError when the filter's `ip` is not an address; whatever `read` throws.
 */
export async function fold(
  { filter = {}, now, memoryLimitMb = 512 }: FoldOptions,
  read: (engine: Engine) => Promise<Evidence>,
): Promise<LogResult> {
  const isWanted = filter.ip === undefined ? () => true : addressMatcher(filter.ip);
  const engine = await openEngine(memoryLimitMb);
  try {
    const { segments, beside } = await read(engine);
    await createEvidence(engine, segments);
    await createSessions(engine, { filter, now });
    await collectSessions(engine, filter);
    const unreadable = new UnreadableList();
    const otherLogs = new Tally();
    for (const found of [...beside, ...segments]) {
      unreadable.addAll(found);
      otherLogs.addAll(found.otherLogs);
    }
    return {
      sessions: showSessions(engine, isWanted),
      unreadable: unreadable.places,
      unread: unreadable.unread,
      coverage: await coverageOf(engine, filter, otherLogs),
    };
  } catch (error) {
    engine.close();
    throw error;
  }
}

async function coverageOf(engine: Engine, { from, to }: SessionFilter, otherLogs: Tally): Promise<Coverage> {
  const [[records = 0, different = 0, last = null] = []] = await engine.rows(
    `SELECT count(*), count(DISTINCT identity), max("time") FROM evidence`,
  );
  return {
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
    lastRecord: last === null ? null : new Date(Number(last)).toISOString(),
    hoursRead: null,
    recordsRead: Number(records),
    duplicates: Number(records) - Number(different),
    receivedUntil: null,
    otherLogs: otherLogs.counts,
  };
}
