import type { Coverage, LogResult, SessionFilter } from "../records/types.ts";
import { sumOf, type Besides } from "../store/besides.ts";
import { openEngine, type Engine } from "../store/engine.ts";
import { createEvidence, type Evidence } from "../store/evidence.ts";
import { addressMatcher } from "./addressMatcher.ts";
import { countRecords, type RecordCounts } from "./recordCounts.ts";
import { collectSessions, createSessions } from "./sessionRelation.ts";
import { showSessions } from "./showSessions.ts";

export interface FoldOptions {
  /** Which sessions to return. Default: all. */
  readonly filter?: SessionFilter;
  /** The current time, which tells an open session from one of unknown state. */
  readonly now: Date;
  /** Memory for tables and sorts in MB, independent of the size of the logs; the process needs some more. @default 512 */
  readonly memoryLimitMb?: number;
}

/**
 * What was read besides the sessions, and the engine with the sessions in its table `folded`. The caller must close the engine.
 */
export interface Folded extends Omit<LogResult, "sessions"> {
  readonly engine: Engine;
}

/** Returns the evidence. It may use the engine, which is closed after the last session. May throw any error. */
export type ReadEvidence = (engine: Engine) => Promise<Evidence>;

/**
 * Folds evidence into sessions. On failure, nothing is left open.
 * @throws RangeError if the filter's `ip` is not an address; whatever `read` throws.
 */
export async function fold(options: FoldOptions, read: ReadEvidence): Promise<LogResult> {
  const { filter: { ip } = {} } = options;
  const isWanted = ip === undefined ? () => true : addressMatcher(ip);
  const { engine, ...rests } = await foldInto("*", options, read);
  return { sessions: showSessions(engine, isWanted), ...rests };
}

/**
 * Folds evidence into the table `folded`.
 * @param facts its columns: SQL expressions over the columns of `sessions.sql`.
 */
export async function foldInto(
  facts: string,
  { filter = {}, now, memoryLimitMb = 512 }: FoldOptions,
  read: ReadEvidence,
): Promise<Folded> {
  const engine = await openEngine(memoryLimitMb);
  try {
    const { segments, beside } = await read(engine);
    await createEvidence(engine, segments);
    await createSessions(engine, { segments, filter, now });
    await collectSessions(engine, filter, facts);
    const { unreadable, unread, otherLogs, lostIn } = sumOf([...beside, ...segments]);
    return {
      engine,
      unreadable,
      unread,
      lostIn,
      otherPeople: await otherPeople(engine, filter),
      coverage: coverageOf(await countRecords(engine, segments, filter), filter, otherLogs),
    };
  } catch (error) {
    engine.close();
    throw error;
  }
}

async function otherPeople(engine: Engine, { user }: SessionFilter): Promise<string[]> {
  if (user === undefined || (await engine.rows("FROM folded LIMIT 1")).length > 0) return [];
  const people = await engine.rows("SELECT DISTINCT person FROM evidence WHERE person <> '' ORDER BY person");
  return people.map(([person]) => String(person));
}

function coverageOf(
  { records, duplicates, last }: RecordCounts,
  { from, to }: SessionFilter,
  otherLogs: Besides["otherLogs"],
): Coverage {
  return {
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
    lastRecord: last === null ? null : new Date(last).toISOString(),
    hoursRead: null,
    recordsRead: records,
    duplicates,
    receivedUntil: null,
    otherLogs,
  };
}
