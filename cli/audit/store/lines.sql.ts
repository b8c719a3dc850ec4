/** SQL with which DuckDB reads audit records from files of JSON lines. */
import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { fieldNames, fieldOf, isProperty, memberOf, sqlType, type FieldName } from "../fields.ts";
import { fileList, quote, textLiteral } from "./sqlText.ts";

/** The members of `properties`, in their order. */
export interface Layout {
  /** DuckDB's hash of the list of members. */
  readonly hash: bigint;
  readonly members: readonly string[];
}

/** Files of JSON lines with the same compression. */
export interface LineFiles {
  readonly paths: readonly string[];
  readonly compression: "uncompressed" | "zstd";
}

const ids = fieldNames.filter((name) => fieldOf(name).kind === "id");
const texts = fieldNames.filter((name) => sqlType(name) === "VARCHAR");

/** Text facts that `regular` compares with texts that no number is. */
const known: readonly FieldName[] = ["category", "operationName", "protocol"];

/** Text facts whose value could be a number. An id begins with a slash. */
const ambiguous = fieldNames.filter((name) => fieldOf(name).kind === "text" && !known.includes(name));

/**
 * Returns the beginning of a `read_json` call. Folder names are not columns, and file names do not tell the compression. DuckDB
 * 1.5 must be told that lines are records: with a single column it tries to detect that, and crashes the process at some 20,000
 * nested values.
 *
 * @param errors whether an invalid line (including one with a duplicate member) ends the scan or becomes a row of nulls.
 */
function readJson({ paths, compression }: LineFiles, errors: "thrown" | "ignored"): string {
  return `read_json(${fileList(paths)}, format = 'newline_delimited', auto_detect = false, records = true,
    compression = '${compression}', hive_partitioning = false, ignore_errors = ${errors === "ignored"}`;
}

/** Returns a query for the layouts of the first records in some files. */
export function layoutsInFiles(files: LineFiles): string {
  return `SELECT DISTINCT hash(names), to_json(names)::VARCHAR
    FROM (SELECT map_keys(properties) AS names
      FROM ${readJson(files, "ignored")}, columns = {properties: 'MAP(VARCHAR, VARCHAR)'}) LIMIT 20000)
    WHERE names IS NOT NULL`;
}

/** Returns an expression for a member of `properties`, wherever the layouts have it; null for layouts without it. */
function valueOf(name: FieldName, layouts: readonly Layout[]): string {
  const places = new Map<number, bigint[]>();
  for (const { hash, members } of layouts) {
    const place = members.indexOf(memberOf(name)) + 1;
    places.set(place, [...(places.get(place) ?? []), hash]);
  }
  const cases = [...places].filter(([place]) => place > 0);
  const only = cases[0]?.[0] ?? 0;
  // If every layout without the member is too short to have a value at that place, the layouts need not be told apart.
  const lacking = layouts.filter(({ members }) => !members.includes(memberOf(name)));
  if (cases.length === 1 && lacking.every(({ members }) => members.length < only)) {
    return `members[${only}]`;
  }
  const branches = cases.map(([place, hashes]) => `WHEN layout IN (${hashes.join(", ")}) THEN members[${place}]`);
  return branches.length === 0 ? "NULL::VARCHAR" : `CASE ${branches.join(" ")} END`;
}

/**
 * Returns a condition that a text is a time as Azure writes it: with three or seven digits of a second, or none. The cast to a
 * time checks the digits; it accepts a space as a digit, so spaces are excluded here.
 */
function isTime(column: string): string {
  return `strlen(${column}) IN (20, 24, 28) AND ${column} LIKE '20__-__-__T__:__:__%Z' AND NOT contains(${column}, ' ')`;
}

const instant = (column: string): string => `epoch_ms(TRY_CAST(${column} AS TIMESTAMP))`;

/** Returns a condition that a number is written in plain digits. */
const isPlain = (written: string, number: string): string => `${number}::VARCHAR = ${written}`;

/**
 * Returns a condition that a member is missing, or has a value of the form. Cheaper than OR, which DuckDB evaluates in two
 * passes.
 */
function optionally(column: string, value: string, form: string): string {
  return `(${column} IS NULL) = (${value} IS NULL) AND (${form}) IS NOT FALSE`;
}

/**
 * Returns a condition that a value was a string in JSON: DuckDB also returns numbers, lists and objects as text. Numbers begin
 * with a digit or a minus sign, and never have two points, two colons or three hyphens; or they are names, which DuckDB accepts
 * in any case although JSON has none. `None` may mean that there is none, see `entriesOf`.
 */
function isText(column: string): string {
  // The length is compared first because it costs less.
  const isWord = `(strlen(${column}) NOT IN (3, 4, 8) OR lower(${column}) NOT IN ('nan', 'inf', 'none', 'infinity'))`;
  const letters = `(${column} >= ':' AND ${column} < '[' AND ${isWord})`;
  const others = `(${column} >= '\\' AND ${column} < '{' AND ${isWord}) OR ${column} >= '|' OR ${column} = ''`;
  const forms = ["/%", "%.%.%", "%:%:%", "%-%-%-%"].map((form) => `${column} LIKE '${form}'`).join(" OR ");
  // DuckDB stops at the first condition that holds.
  return `(${letters} OR ${others} OR (${column} < ':' AND (${forms})) OR ${column} IS NULL)`;
}

/** Returns a condition that an ARM id has the form in which it is stored, or is missing. */
function isPlainId(column: string): string {
  return `((starts_with(${column}, '/') AND NOT ends_with(${column}, '/')) OR ${column} = '') IS NOT FALSE`;
}

/**
 * Returns the condition for a line that DuckDB reads: a known layout, strings and numbers where they belong, and times as Azure
 * writes them. For such a line the tolerant reader has the same result; all other lines are left to it.
 */
function regular(layouts: readonly Layout[]): string {
  return [
    `layout IN (${layouts.map(({ hash }) => hash).join(", ")})`,
    `category = ${textLiteral(auditCategory)}`,
    `"bastionId" <> ''`,
    ...ids.map((name) => isPlainId(quote(name))),
    `starts_with("operationName", 'Microsoft.')`,
    ...ambiguous.map((name) => isText(quote(name))),
    `region <> ''`,
    // See `isNoId`. Most ids begin with another digit or a letter, and `trim` costs more than all else here.
    `("tunnelId" >= '1' OR trim("tunnelId", '0-') <> '')`,
    // Lower case depends on the locale.
    `protocol IN ('ssh', 'rdp') IS NOT FALSE`,
    isTime('"timeText"'),
    '"time" IS NOT NULL',
    optionally('"startText"', '"sessionStart"', isTime('"startText"')),
    optionally('"endText"', '"sessionEnd"', isTime('"endText"')),
    `("sessionEnd" >= "sessionStart") IS NOT FALSE`,
    `(greatest("sessionStart", "sessionEnd") <= 2 * "time") IS NOT FALSE`,
    optionally(
      '"portText"',
      '"clientPort"',
      `"clientPort" BETWEEN 0 AND 65535 AND ${isPlain('"portText"', '"clientPort"')}`,
    ),
    optionally(
      '"durationText"',
      '"durationMs"',
      `"durationMs" BETWEEN 0 AND 9999999999 AND ${isPlain('"durationText"', '"durationMs"')}`,
    ),
  ].join("\n      AND ");
}

/** Returns a query for the lines of files, with the facts of a regular line and the number of their file in `files`. */
function linesInFiles(files: LineFiles, layouts: readonly Layout[], errors: "thrown" | "ignored"): string {
  const own = fieldNames.filter((name) => !isProperty(name));
  const columns = own.map((name) => `${quote(memberOf(name))}: 'VARCHAR'`);
  const member = (name: FieldName): string => (isProperty(name) ? valueOf(name, layouts) : quote(memberOf(name)));
  const given = texts.map((name) => `${member(name)} AS ${quote(name)}`);
  return `SELECT *, ${instant('"timeText"')} AS "time", ${instant('"startText"')} AS "sessionStart",
      ${instant('"endText"')} AS "sessionEnd", TRY_CAST("portText" AS INTEGER) AS "clientPort",
      TRY_CAST("durationText" AS BIGINT) AS "durationMs"
    FROM (SELECT layout, file, ${given.join(", ")}, ${member("time")} AS "timeText", ${member("sessionStart")} AS "startText",
        ${member("sessionEnd")} AS "endText", ${member("clientPort")} AS "portText", ${member("durationMs")} AS "durationText"
      FROM (SELECT ${own.map((name) => quote(memberOf(name))).join(", ")}, map_values(properties) AS members,
          hash(map_keys(properties)) AS layout, file_index AS file
        FROM ${readJson(files, errors)}, columns = {${columns.join(", ")}, properties: 'MAP(VARCHAR, VARCHAR)'})))`;
}

/**
 * Returns a query for the records in files, with the columns of the `loaded` table. An irregular line ends the scan.
 * @param numbers of the files, in the same order.
 */
export function recordsInFiles(files: LineFiles, numbers: readonly number[], layouts: readonly Layout[]): string {
  const given = fieldNames.map((name) =>
    texts.includes(name) ? `nullif(${quote(name)}, '') AS ${quote(name)}` : quote(name),
  );
  return `SELECT [${numbers.join(", ")}][file::BIGINT + 1] AS source, ${given.join(", ")}
    FROM (${linesInFiles(files, layouts, "thrown")})
    WHERE CASE WHEN ${regular(layouts)} THEN true ELSE error('irregular') END`;
}

/** Returns a query for the files with an irregular line. */
export function irregularFiles(files: LineFiles, layouts: readonly Layout[]): string {
  return `SELECT DISTINCT file FROM (${linesInFiles(files, layouts, "ignored")}) WHERE (${regular(layouts)}) IS NOT TRUE`;
}
