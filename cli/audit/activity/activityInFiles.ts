import { subscriptionForm } from "@bastion-trail/core/links/resourceId";
import { sumOf } from "../store/besides.ts";
import { openEngine, type Engine } from "../store/engine.ts";
import { rowsIn } from "../store/evidence.ts";
import { fileEvidence, type FileEvidenceOptions } from "../store/readEvidence.ts";
import { textLiteral } from "../store/sqlText.ts";
import type { ActivityLog } from "./activityLog.ts";
import { distinctEvents } from "./distinctEvents.ts";
import { eventFrom, eventJson, eventWriter, noRows } from "./eventStore.ts";
import type { ActivityEvent } from "./types.ts";

export interface ActivityFilesOptions extends FileEvidenceOptions {
  /**
   * Keeps the events of resources whose id begins with this, in lower case. Default: all. Events of another subscription do not show
   * that the log of this one was read, even if they are about something else than access.
   */
  readonly scope?: string | undefined;
  /** Memory for DuckDB in MB. */
  readonly memoryLimitMb: number;
}

/**
 * Reads the events in files. Only files that are not stored yet, or have changed since, are parsed. When the iteration of the
 * events ends, the engine is closed.
 * @throws NotPrivateError if another user can access the store.
 */
export async function activityInFiles(options: ActivityFilesOptions): Promise<ActivityLog> {
  const engine = await openEngine(options.memoryLimitMb);
  try {
    return await storedActivity(engine, options);
  } catch (error) {
    engine.close();
    throw error;
  }
}

async function storedActivity(engine: Engine, options: ActivityFilesOptions): Promise<ActivityLog> {
  const { segments, beside } = await fileEvidence(engine, options, eventWriter(engine));
  const all = segments.length === 0 ? noRows : rowsIn(segments);
  const { scope } = options;
  const rows = scope === undefined ? all : `(FROM ${all} WHERE starts_with(lower("resource"), ${textLiteral(scope)}))`;
  const [[count = 0, records = 0, first = null, last = null] = []] = await engine.rows(
    `SELECT count(*), count("operation"), min("time"), max("time") FROM ${rows}`,
  );
  const subscriptions = await engine.rows(
    `SELECT DISTINCT regexp_extract(lower("resource"), '${subscriptionForm}', 1) AS subscription FROM ${rows}
      WHERE subscription <> '' ORDER BY subscription`,
  );
  const sorted = `SELECT ${eventJson} FROM (FROM ${rows} WHERE "operation" IS NOT NULL ORDER BY "time")`;
  return {
    ...distinctEvents(await eventsOf(engine, sorted)),
    records: Number(records),
    seen: first === null ? undefined : { count: Number(count), first: Number(first), last: Number(last) },
    subscriptions: subscriptions.map(([id]) => String(id)),
    besides: sumOf([...beside, ...segments]),
  };
}

/**
 * Returns the events of a query that sorts them. Its first texts are fetched at once: then DuckDB has read all files, and nobody can
 * remove one of them in the meantime.
 */
async function eventsOf(engine: Engine, query: string): Promise<AsyncGenerator<ActivityEvent>> {
  const texts = engine.texts(query);
  const first = await texts.next();
  return (async function* () {
    try {
      for (let found = first; found.done !== true; found = await texts.next()) {
        for (const json of found.value) yield eventFrom(json);
      }
    } finally {
      await texts.return(undefined);
      engine.close();
    }
  })();
}
