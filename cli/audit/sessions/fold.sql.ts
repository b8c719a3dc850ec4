import { fieldOf, sessionFields, sqlType, type FieldName } from "../fields.ts";
import { messages } from "../records/messages.ts";
import type { SessionFilter } from "../records/types.ts";
import { latestInstant } from "../records/values.ts";
import {
  asText,
  hashed,
  ofOneRecord,
  ofSession,
  quote,
  recordFacts,
  recordsInFiles,
  recordsLoaded,
  sharedTexts,
  textLiteral,
  textsInFiles,
  firstPassText,
  type Layout,
} from "./facts.sql.ts";

/**
 * The fold from records to sessions, as SQL. It runs in two steps, so that what it has to remember of a session does not depend
 * on how long its texts are:
 *
 * 1. Every record is reduced to numbers: a hash of its tunnel (the session's key), one of its facts and one of the whole record.
 *    A session is what these are together: its times, the number of its records, and whether all of them say the same.
 * 2. The texts of the sessions that are asked for are read in a second pass, only from the files that have them.
 *
 * A session whose records say different things (another message, an account that only one of them names) is `mixed`: all its
 * records are read, and each fact is that of the earliest record that has it.
 */

/** A session without an end is called open for so long after its last record; no document says how long a session may last. */
export const openForMs = 24 * 3_600_000;

const list = (items: readonly string[]): string => items.join(", ");
const factColumns = list(sharedTexts.map(quote));

export const createTables = [
  `CREATE TEMP TABLE loaded (${list(recordFacts.map((name) => `${quote(name)} ${sqlType(name)}`))})`,
  `CREATE TEMP TABLE parts (key UBIGINT, first BIGINT, last BIGINT, ended BIGINT, "sessionStart" BIGINT,
    "sessionEnd" BIGINT, "durationMs" BIGINT, records BIGINT, lowest UBIGINT, highest UBIGINT, total HUGEINT, "sameLow" UBIGINT,
    "sameHigh" UBIGINT, "firstFile" UBIGINT, "lastFile" UBIGINT, wanted BOOLEAN)`,
  `CREATE TEMP TABLE facts (key UBIGINT, records BIGINT, "tunnelId" VARCHAR, "clientPort" INTEGER,
    ${list(sharedTexts.map((name) => `${quote(name)} ${sqlType(name)}`))})`,
] as const;

const stage = (records: string, firstFile: number, filter: SessionFilter): string =>
  `INSERT INTO parts SELECT key, min(time) AS first, max(time) AS last, max(time) FILTER (ends) AS ended,
    min("sessionStart") AS "sessionStart", max("sessionEnd") AS "sessionEnd", max("durationMs") AS "durationMs",
    count(*) AS records, min(identity) AS lowest, max(identity) AS highest, sum(identity) AS total, min(same) AS "sameLow",
    max(same) AS "sameHigh", min(file) + ${firstFile} AS "firstFile", max(file) + ${firstFile} AS "lastFile",
    ${wantedRecord(filter)} AS wanted
  FROM (${hashed(records)}) GROUP BY key`;

export interface Batch {
  readonly files: readonly string[];
  readonly layouts: readonly Layout[];
  /** Number of its first file among all files. */
  readonly firstFile: number;
}

/** Step 1 for some files: what they say of each session. Fails, with nothing added, where a line is not regular. */
export function foldFiles({ files, layouts, firstFile }: Batch, filter: SessionFilter): string {
  return stage(recordsInFiles(files, layouts), firstFile, filter);
}

/** Step 1 for the records that were handed over one by one. */
export function foldLoaded(filter: SessionFilter): string {
  return stage(recordsLoaded, 0, filter);
}

/** What no record of a session says, the session does not say: such sessions need no second look. */
function wantedRecord({ user, vm, protocol, tunnel, bastion }: SessionFilter): string {
  const conditions = [
    ...(user === undefined ? [] : [`(${isGiven("person", user)} OR ${isGiven("account", user)})`]),
    ...(vm === undefined
      ? []
      : [
          `(${isGiven("targetResourceId", vm)} OR ends_with(lower("targetResourceId"), lower(${firstPassText("targetResourceId", lastPart(vm))}[2:])))`,
        ]),
    ...(protocol === undefined ? [] : [isGiven("protocol", protocol)]),
    ...(tunnel === undefined ? [] : [startsGiven("tunnelId", tunnel)]),
    ...(bastion === undefined ? [] : [isWithin("bastionId", bastion)]),
  ];
  return conditions.length === 0 ? "true" : conditions.map((one) => `bool_or(coalesce(${one}, false))`).join(" AND ");
}

/** In the first pass. */
const isGiven = (name: FieldName, value: string): string =>
  `lower(${quote(name)}) = lower(${firstPassText(name, value)})`;

/** Without the quote that ends a JSON text. */
const startsGiven = (name: FieldName, start: string): string =>
  `starts_with(lower(${quote(name)}), lower(${firstPassText(name, start)}[:-2]))`;

const startsText = (column: string, start: string): string =>
  `starts_with(lower(${quote(column)}), lower(${textLiteral(start)}))`;

const isText = (column: string, value: string): string => `lower(${quote(column)}) = lower(${textLiteral(value)})`;

/** An ARM id, or the id of something in it. */
const isWithin = (column: string, id: string): string => `(${isText(column, id)} OR ${startsText(column, `${id}/`)})`;

const lastPart = (vm: string): string => vm.slice(vm.lastIndexOf("_") + 1);

/**
 * One row for each session. @param parts whether sessions may be in parts, since more than one batch was folded.
 *
 * Two different records, however often they are there, have hashes a and b whose sum is k times the one and n-k times the other;
 * a third record upsets that. So the number of different records is known without a list of them.
 */
export function createSessions(parts: boolean): string {
  const merged = `SELECT key, min(first) AS first, max(last) AS last, max(ended) AS ended, min("sessionStart") AS "sessionStart",
      max("sessionEnd") AS "sessionEnd", max("durationMs") AS "durationMs", sum(records)::BIGINT AS records,
      min(lowest) AS lowest, max(highest) AS highest, sum(total) AS total, min("sameLow") AS "sameLow",
      max("sameHigh") AS "sameHigh", min("firstFile") AS "firstFile", max("lastFile") AS "lastFile",
      bool_or(wanted) AS wanted
    FROM parts GROUP BY key`;
  // Where nothing is known but the end, the session began its duration before.
  const began = `coalesce("sessionStart", CASE WHEN first = ended THEN first - coalesce("durationMs", 0) ELSE first END)`;
  // DuckDB's least passes over nulls.
  const lasted = `CASE WHEN "durationMs" IS NOT NULL THEN least(start + "durationMs", ${latestInstant}) END`;
  return `CREATE TEMP ${parts ? "TABLE" : "VIEW"} sessions AS
    SELECT * REPLACE (least(start, finish) AS start)
    FROM (SELECT *, coalesce("sessionEnd", ended, ${lasted}) AS finish
      FROM (SELECT *, ${began} AS start,
          "sameLow" = "sameHigh" AND (lowest = highest OR
            (records::HUGEINT * highest - total) % (highest::HUGEINT - lowest) = 0) AS plain,
          CASE WHEN lowest = highest THEN 1 ELSE 2 END AS different
        FROM (${parts ? merged : "FROM parts"})))`;
}

export const mixedFiles = `SELECT DISTINCT "firstFile", "lastFile" FROM sessions WHERE NOT plain AND "firstFile" IS NOT NULL`;

/** What tells a record from others, in whatever spelling. */
const identity = [...ofOneRecord, ...ofSession].map((name) =>
  fieldOf(name).letters === "any" ? `lower(${quote(name)})` : quote(name),
);

/** All records of the mixed sessions, with the same identity for the same record, whoever read it. */
export function createMixedRecords(files: readonly string[], layouts: readonly Layout[]): string {
  const sources = [...(files.length === 0 ? [] : [recordsInFiles(files, layouts)]), recordsLoaded];
  const records = sources.map(
    (source) => `SELECT key, ${list(recordFacts.map(asText))} FROM (${hashed(source)})
      WHERE key IN (SELECT key FROM sessions WHERE NOT plain)`,
  );
  return `CREATE TEMP TABLE mixed AS SELECT key, hash(${list(identity)}) AS identity, time,
    ${list(ofSession.map(quote))} FROM (${records.join(" UNION ALL ")})`;
}

/** The facts of mixed sessions; some sessions at a time, since DuckDB cannot move their texts out of memory. */
export function foldMixed(part: number, parts: number): string {
  const earliest = (column: string): string =>
    `arg_min(${column}, ROW(time, ${column})) FILTER (${column} IS NOT NULL) AS ${column}`;
  const message = `arg_min(message, ROW(${messageRank}, time, message)) FILTER (message IS NOT NULL) AS message`;
  const folded = sharedTexts.map((name) => (name === "message" ? message : earliest(quote(name))));
  return `INSERT INTO facts
    SELECT key, count(DISTINCT identity), ${list([earliest(quote("tunnelId")), earliest(quote("clientPort")), ...folded])}
    FROM mixed WHERE key % ${parts} = ${part} GROUP BY key`;
}

/** Rows of mixed records that are folded at once. */
export const mixedAtOnce = 200_000;

const isMessage = (words: string): string => `lower(trim(message, ' .')) = ${textLiteral(words.toLowerCase())}`;

const outcomeOf = `CASE WHEN ${isMessage(messages.connected)} THEN 'connected' WHEN ${isMessage(messages.failed)} THEN 'failed'
  ELSE 'unknown' END`;

/** Of several messages, the one that tells the outcome is shown; that a session has ended is told by its state as well. */
const messageRank = `(CASE WHEN ${isMessage(messages.connected)} THEN 0 WHEN ${isMessage(messages.failed)} THEN 1
  WHEN ${isMessage(messages.ended)} THEN 3 ELSE 2 END)`;

/** Records read, the time of the newest, the different records of plain sessions, and the number of mixed sessions. */
export const countPlain = `SELECT coalesce(sum(records), 0)::DOUBLE, max(last)::DOUBLE,
    coalesce(sum(different) FILTER (plain), 0)::DOUBLE, count(*) FILTER (NOT plain) FROM sessions`;

/** The different records of mixed sessions, which are known when those are folded. */
export const countMixed = "SELECT coalesce(sum(records), 0)::DOUBLE FROM facts";

export interface Bounds {
  readonly filter: SessionFilter;
  readonly now: Date;
}

/** Sessions that the filter may keep, going by the numbers alone. */
function mayBeKept({ filter, now }: Bounds): string {
  const { from, to } = filter;
  const bounds = [
    ...(to === undefined ? [] : [`start < ${to.getTime()}`]),
    ...(from === undefined
      ? []
      : [`(coalesce(finish, last) >= ${from.getTime()} OR (finish IS NULL AND ${isOpen(filter, now)}))`]),
  ];
  return ["wanted", ...bounds].join(" AND ");
}

/** Without an end, and recent; what lies before the present in a range that ends earlier has had its end cut off. */
function isOpen({ to }: SessionFilter, now: Date): string {
  return to === undefined || to >= now ? `last >= ${now.getTime() - openForMs}` : "false";
}

/** Numbers of the files that have the texts of the sessions to show. */
export function shownFiles(bounds: Bounds): string {
  return `SELECT DISTINCT "firstFile" FROM sessions
    WHERE plain AND "firstFile" IS NOT NULL AND ${mayBeKept(bounds)} ORDER BY 1`;
}

/**
 * Step 2: the sessions, sorted. Records that say the same of one session may be there several times, one after the other.
 * @param numbers of `files`, in the same order.
 */
export function showSessions(
  files: readonly string[],
  layouts: readonly Layout[],
  numbers: readonly number[],
  bounds: Bounds,
): string {
  const { filter, now } = bounds;
  const kept = mayBeKept(bounds);
  const columns = `start, finish, last, "durationMs", "sessionEnd", ${factColumns}, "tunnelId", "clientPort"`;
  const own = list(["tunnelId", "clientPort", ...sharedTexts].map((name) => `r.${quote(name)} AS ${quote(name)}`));
  const joined = `s.key AS key, ${own}, s.start AS start, s.finish AS finish, s.last AS last, s."durationMs" AS "durationMs",
    s."sessionEnd" AS "sessionEnd", s.different AS records`;
  const plain = (where: string): string => `(SELECT * FROM sessions WHERE plain AND ${kept} AND ${where}) s`;
  const places = `(SELECT unnest([${numbers.join(", ")}])::UBIGINT AS number, unnest(range(${numbers.length}))::UBIGINT AS place)`;
  const sources = [
    `SELECT f.key, ${columns}, f.records FROM facts f JOIN sessions s ON f.key = s.key WHERE ${kept}`,
    `SELECT key, ${columns}, records FROM (SELECT ${joined} FROM (${loadedTexts}) r
      JOIN ${plain('"firstFile" IS NULL')} ON r.key = s.key)`,
    ...(files.length === 0
      ? []
      : [
          // A session whose file has been changed since step 1 is still shown, without its texts.
          `SELECT key, ${columns}, records FROM (SELECT ${joined}
            FROM (SELECT * FROM (${textsInFiles(files, layouts)}) JOIN ${places} ON file = place) r
            RIGHT JOIN ${plain('"firstFile" IS NOT NULL')} ON r.key = s.key AND r.number = s."firstFile")`,
        ]),
  ];
  const seen = `CASE WHEN finish IS NOT NULL THEN finish WHEN state = 'open' THEN ${now.getTime()} ELSE last END`;
  const conditions = [
    ...(filter.from === undefined ? [] : [`${seen} >= ${filter.from.getTime()}`]),
    ...(filter.user === undefined ? [] : [`(${isText("person", filter.user)} OR ${isText("account", filter.user)})`]),
    ...(filter.vm === undefined ? [] : [`(${isText("targetResourceId", filter.vm)} OR ${isText("vm", filter.vm)})`]),
    ...(filter.protocol === undefined ? [] : [isText("protocol", filter.protocol)]),
    ...(filter.outcome === undefined ? [] : [isText("outcome", filter.outcome)]),
    ...(filter.tunnel === undefined ? [] : [startsText("tunnelId", filter.tunnel)]),
    ...(filter.bastion === undefined ? [] : [isWithin("bastionId", filter.bastion)]),
  ];
  // Sorted before they become JSON, which is much longer than what it is made of.
  return `SELECT key, to_json(${sessionJson}) FROM (SELECT *, CASE WHEN finish IS NOT NULL OR outcome = 'failed' THEN 'closed'
        WHEN ${isOpen(filter, now)} THEN 'open' ELSE 'unknown' END AS state
      FROM (SELECT * REPLACE (${given}), ${outcomeOf} AS outcome, ${vmName} AS vm
        FROM (${sources.join(" UNION ALL ")}))
    ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`}
    ORDER BY start, "tunnelId", key)`;
}

/** The records handed over one by one, with their texts as they are. */
const loadedTexts = `SELECT key, ${list(ofSession.map(asText))} FROM (${hashed(recordsLoaded)})`;

/** An empty text says nothing. */
const given = list(["tunnelId", ...sharedTexts].map((name) => `nullif(${quote(name)}, '') AS ${quote(name)}`));

/** An instance of a scale set has a number for a name; Azure calls it by both (`web_3`). */
const vmName = `CASE WHEN contains(lower("targetResourceId"), '/virtualmachinescalesets/')
    THEN concat(split_part("targetResourceId", '/', 9), '_', split_part("targetResourceId", '/', -1)) ELSE split_part("targetResourceId", '/', -1) END`;

const iso = (column: string): string => `strftime(make_timestamp_ms(${column}), '%Y-%m-%dT%H:%M:%S.%gZ')`;

/** Not known of a session of which only the end is known. */
const duration = `coalesce("durationMs", CASE WHEN finish > start OR "sessionEnd" IS NOT NULL THEN finish - start END)`;

/** A session as `Session` has it. One text for each is handed over much faster than twenty values. */
const sessionJson = `struct_pack("start" := ${iso("start")}, "end" := ${iso("finish")}, "durationSeconds" := ${duration} / 1000,
  "state" := state, "outcome" := outcome, ${list(sessionFields.map((name) => `${quote(fieldOf(name).session ?? name)} := ${quote(name)}`))},
  "vmName" := vm, "records" := records)`;
