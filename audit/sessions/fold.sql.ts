import type { SessionFilter } from "../records/types.ts";
import {
  factNames,
  hashed,
  quote,
  recordColumns,
  recordsInFiles,
  recordsLoaded,
  textLiteral,
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
const factColumns = list(factNames.map(quote));

export const createTables = [
  `CREATE TEMP TABLE loaded (${list(Object.entries(recordColumns).map(([name, type]) => `${quote(name)} ${type}`))})`,
  `CREATE TEMP TABLE parts (key UBIGINT, state INTEGER, file UBIGINT, first BIGINT, last BIGINT, "sessionStart" BIGINT,
    "sessionEnd" BIGINT, duration BIGINT, records BIGINT, lowest UBIGINT, highest UBIGINT, total HUGEINT, "sameLow" UBIGINT,
    "sameHigh" UBIGINT, "firstFile" UBIGINT, "lastFile" UBIGINT, wanted BOOLEAN)`,
  `CREATE TEMP TABLE facts (key UBIGINT, records BIGINT, tunnel VARCHAR, "clientPort" INTEGER,
    ${list(factNames.map((name) => `${quote(name)} VARCHAR`))})`,
] as const;

const stage = (records: string, firstFile: number, filter: SessionFilter): string =>
  `SELECT key, state, CASE WHEN state IS NOT NULL THEN file + ${firstFile} END AS file, min(time) AS first, max(time) AS last,
    min("sessionStart") AS "sessionStart", max("sessionEnd") AS "sessionEnd", max(duration) AS duration, count(*) AS records,
    min(identity) AS lowest, max(identity) AS highest, sum(identity) AS total, min(same) AS "sameLow", max(same) AS "sameHigh",
    min(file) + ${firstFile} AS "firstFile", max(file) + ${firstFile} AS "lastFile", ${wantedRecord(filter)} AS wanted
  FROM (${records}) GROUP BY ALL`;

/** Step 1 for some files: what each says of each session. @param firstFile number of the first of them. */
export function stageFiles(files: readonly string[], firstFile: number, filter: SessionFilter): string {
  return `CREATE OR REPLACE TEMP TABLE stage AS ${stage(hashed(recordsInFiles(files), "files"), firstFile, filter)}`;
}

/** Files of the stage that are doubtful or irregular, and whether any record in it tells of an end. */
export const stagedStates = `SELECT DISTINCT file, state FROM stage WHERE state IS NOT NULL`;
export const stagedEnds = `SELECT count("sessionEnd") + count(duration) FROM stage`;
export const keepStage = "INSERT INTO parts SELECT * FROM stage";

/** Step 1 for the records that were handed over one by one. */
export function stageLoaded(filter: SessionFilter): string {
  return `INSERT INTO parts ${stage(hashed(recordsLoaded, "loaded"), 0, filter)}`;
}

/** What no record of a session says, the session does not say: such sessions need no second look. */
function wantedRecord({ user, vm, protocol, tunnel }: SessionFilter): string {
  const conditions = [
    ...(user === undefined ? [] : [`(${isText("person", user)} OR ${isText("account", user)})`]),
    ...(vm === undefined ? [] : [`(${isText("target", vm)} OR ends_with(lower(target), lower(${textLiteral(lastPart(vm))})))`]),
    ...(protocol === undefined ? [] : [isText("protocol", protocol)]),
    ...(tunnel === undefined ? [] : [isText("tunnel", tunnel)]),
  ];
  return conditions.length === 0 ? "true" : conditions.map((one) => `bool_or(coalesce(${one}, false))`).join(" AND ");
}

const isText = (column: string, value: string): string => `lower(${column}) = lower(${textLiteral(value)})`;

const lastPart = (vm: string): string => vm.slice(vm.lastIndexOf("_") + 1);

/**
 * One row for each session.
 *
 * Two different records, however often they are there, have hashes a and b whose sum is k times the one and n-k times the other;
 * a third record upsets that. So the number of different records is known without a list of them.
 */
export const createSessions = `CREATE TEMP TABLE sessions AS
  SELECT *, coalesce("sessionEnd", start + duration) AS finish,
    "sameLow" = "sameHigh" AND (lowest = highest OR
      (records::HUGEINT * highest - total) % (highest::HUGEINT - lowest) = 0) AS plain,
    CASE WHEN lowest = highest THEN 1 ELSE 2 END AS different
  FROM (SELECT key, min(first) AS first, max(last) AS last, coalesce(min("sessionStart"), min(first)) AS start,
      max("sessionEnd") AS "sessionEnd", max(duration) AS duration, sum(records)::BIGINT AS records, min(lowest) AS lowest,
      max(highest) AS highest, sum(total) AS total, min("sameLow") AS "sameLow", max("sameHigh") AS "sameHigh",
      min("firstFile") AS "firstFile", max("lastFile") AS "lastFile", bool_or(wanted) AS wanted
    FROM parts GROUP BY key)`;

export const mixedFiles = `SELECT DISTINCT "firstFile", "lastFile" FROM sessions WHERE NOT plain AND "firstFile" IS NOT NULL`;
export const mixedCount = "SELECT count(*) FROM sessions WHERE NOT plain";

const given = list(factNames.map((name) => `nullif(${name === "protocol" ? "lower(protocol)" : quote(name)}, '') AS ${quote(name)}`));

/** All records of the mixed sessions. */
export function createMixedRecords(files: readonly string[]): string {
  const sources = [
    ...(files.length === 0 ? [] : [hashed(recordsInFiles(files), "files")]),
    hashed(recordsLoaded, "loaded"),
  ];
  const records = sources.map(
    (source) => `SELECT key, identity, time, nullif(tunnel, '') AS tunnel, "clientPort", ${given} FROM (${source})
      WHERE key IN (SELECT key FROM sessions WHERE NOT plain)`,
  );
  return `CREATE TEMP TABLE mixed AS ${records.join(" UNION ALL ")}`;
}

/** The facts of mixed sessions; some sessions at a time, since DuckDB cannot move their texts out of memory. */
export function foldMixed(part: number, parts: number): string {
  const earliest = (column: string): string =>
    `arg_min(${column}, ROW(time, ${column})) FILTER (${column} IS NOT NULL) AS ${column}`;
  const message = `arg_min(message, ROW(${outcomeRank}, time, message)) FILTER (message IS NOT NULL) AS message`;
  const folded = factNames.map((name) => (name === "message" ? message : earliest(quote(name))));
  return `INSERT INTO facts
    SELECT key, count(DISTINCT identity), ${list([earliest("tunnel"), earliest(quote("clientPort")), ...folded])}
    FROM mixed WHERE key % ${parts} = ${part} GROUP BY key`;
}

/** Rows of mixed records that are folded at once. */
export const mixedAtOnce = 200_000;

const outcomeOf = `CASE lower(trim(message, ' .')) WHEN 'successfully connected' THEN 'connected' WHEN 'login failed' THEN 'failed'
  ELSE 'unknown' END`;
const outcomeRank = `(CASE ${outcomeOf} WHEN 'connected' THEN 0 WHEN 'failed' THEN 1 ELSE 2 END)`;

/** Records read, the different ones among them, and the time of the newest. */
export const countRecords = `SELECT coalesce(sum(records), 0)::DOUBLE, max(last)::DOUBLE,
    (coalesce(sum(different) FILTER (plain), 0) + (SELECT coalesce(sum(records), 0) FROM facts))::DOUBLE
  FROM sessions`;

export interface Bounds {
  readonly filter: SessionFilter;
  readonly now: Date;
}

/** Sessions that the filter may keep, going by the numbers alone. */
function mayBeKept({ filter: { from, to }, now }: Bounds): string {
  const bounds = [
    ...(to === undefined ? [] : [`start < ${to.getTime()}`]),
    ...(from === undefined
      ? []
      : [`(coalesce(finish, last) >= ${from.getTime()} OR (finish IS NULL AND ${isOpen({ to }, now)}))`]),
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

/** The columns of {@link showSessions}, in this order. */
export const shownColumns = [
  "key", "tunnel", "start", "finish", "duration", "state", "target", "vm", "targetIp", "protocol", "clientIp", "clientPort",
  "person", "account", "userAgent", "outcome", "message", "bastion", "region", "records",
] as const; // prettier-ignore

/**
 * Step 2: the sessions, sorted. Records that say the same of one session may be there several times, one after the other.
 * @param numbers of `files`, in the same order.
 */
export function showSessions(files: readonly string[], numbers: readonly number[], bounds: Bounds): string {
  const { filter, now } = bounds;
  const kept = mayBeKept(bounds);
  const columns = `start, finish, last, duration, ${factColumns}, tunnel, "clientPort"`;
  const texts = `r.key AS key, r.tunnel AS tunnel, r."clientPort" AS "clientPort", ${list(factNames.map((name) => `r.${quote(name)} AS ${quote(name)}`))}`;
  const numbersOf = "s.start AS start, s.finish AS finish, s.last AS last, s.duration AS duration, s.different AS records";
  const sources = [
    `SELECT f.key, ${columns}, f.records FROM facts f JOIN sessions s ON f.key = s.key WHERE ${kept}`,
    `SELECT key, ${columns}, records FROM (SELECT ${texts}, ${numbersOf} FROM (${hashed(recordsLoaded, "loaded")}) r
      JOIN (SELECT * FROM sessions WHERE plain AND "firstFile" IS NULL AND ${kept}) s ON r.key = s.key)`,
    ...(files.length === 0
      ? []
      : [
          `SELECT key, ${columns}, records FROM (SELECT ${texts}, ${numbersOf} FROM (${hashed(recordsInFiles(files), "files")}) r
            JOIN (SELECT unnest([${numbers.join(", ")}])::UBIGINT AS number,
              unnest(range(${numbers.length}))::UBIGINT AS place) n ON r.file = n.place
            JOIN (SELECT * FROM sessions WHERE plain AND ${kept}) s ON r.key = s.key AND s."firstFile" = n.number)`,
        ]),
  ];
  const seen = `CASE WHEN finish IS NOT NULL THEN finish WHEN state = 'open' THEN ${now.getTime()} ELSE last END`;
  const conditions = [
    ...(filter.from === undefined ? [] : [`${seen} >= ${filter.from.getTime()}`]),
    ...(filter.user === undefined ? [] : [`(${isText("person", filter.user)} OR ${isText("account", filter.user)})`]),
    ...(filter.vm === undefined ? [] : [`(${isText("target", filter.vm)} OR ${isText("vm", filter.vm)})`]),
    ...(filter.protocol === undefined ? [] : [isText("protocol", filter.protocol)]),
    ...(filter.outcome === undefined ? [] : [isText("outcome", filter.outcome)]),
    ...(filter.tunnel === undefined ? [] : [isText("tunnel", filter.tunnel)]),
  ];
  return `SELECT ${list(shownColumns.map(shown))}
    FROM (SELECT *, CASE WHEN finish IS NOT NULL OR outcome = 'failed' THEN 'closed'
        WHEN ${isOpen(filter, now)} THEN 'open' ELSE 'unknown' END AS state
      FROM (SELECT * REPLACE (${given}, nullif(tunnel, '') AS tunnel),
          ${outcomeOf} AS outcome, ${vmName} AS vm
        FROM (${sources.join(" UNION ALL ")})))
    ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`}
    ORDER BY start, tunnel, key`;
}

/** An instance of a scale set has a number for a name; Azure calls it by both (`web_3`). */
const vmName = `CASE WHEN contains(lower(target), '/virtualmachinescalesets/')
    THEN concat(split_part(target, '/', 9), '_', split_part(target, '/', -1)) ELSE split_part(target, '/', -1) END`;

const numbers = new Set(["start", "finish", "duration", "records", "clientPort"]);

/** Whole numbers come out as JavaScript's: they are times in milliseconds and counts. */
function shown(column: string): string {
  return numbers.has(column) ? `${quote(column)}::DOUBLE` : quote(column);
}
