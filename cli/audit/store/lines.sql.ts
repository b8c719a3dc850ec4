/** How DuckDB reads audit records from files of JSON lines, as SQL. */
import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { fieldNames, fieldOf, isProperty, memberOf, type FieldName } from "../fields.ts";
import { fileList, quote, textLiteral } from "./sqlText.ts";

/** Which members `properties` has, in the order in which they stand there. */
export interface Layout {
  /** DuckDB's hash of the list of members. */
  readonly hash: bigint;
  readonly members: readonly string[];
}

/** Files of JSON lines that are all kept in one way. */
export interface LineFiles {
  readonly paths: readonly string[];
  readonly compression: "uncompressed" | "zstd";
}

const texts = fieldNames.filter((name) => fieldOf(name).kind === "text");

/** Texts of which a number could take the place; the others have a form that no number has. */
const ambiguous = texts.filter((name) => isProperty(name) || name === "region");

/**
 * The beginning of a call. Names of folders are no columns, and names of files say nothing of compression. DuckDB 1.5 has to be told
 * that lines are records: with a single column it finds out, and ends the process at some 20,000 nested values.
 *
 * @param errors whether what is not such a line ends the scan, as a member that is there twice does, or makes a row of nulls.
 */
function readJson({ paths, compression }: LineFiles, errors: "thrown" | "ignored"): string {
  return `read_json(${fileList(paths)}, format = 'newline_delimited', auto_detect = false, records = true,
    compression = '${compression}', hive_partitioning = false, ignore_errors = ${errors === "ignored"}`;
}

/** The layouts of the first records of some files. */
export function layoutsInFiles(files: LineFiles): string {
  return `SELECT DISTINCT hash(names), to_json(names)::VARCHAR
    FROM (SELECT map_keys(properties) AS names
      FROM ${readJson(files, "ignored")}, columns = {properties: 'MAP(VARCHAR, VARCHAR)'}) LIMIT 20000)
    WHERE names IS NOT NULL`;
}

/** A member of `properties`, wherever the layouts have it; null in those that lack it. */
function valueOf(name: FieldName, layouts: readonly Layout[]): string {
  const places = new Map<number, bigint[]>();
  for (const { hash, members } of layouts) {
    const place = members.indexOf(memberOf(name)) + 1;
    places.set(place, [...(places.get(place) ?? []), hash]);
  }
  const cases = [...places].filter(([place]) => place > 0);
  const only = cases[0]?.[0] ?? 0;
  // A layout that is too short has no value there, so that nothing has to tell the layouts apart.
  const lacking = layouts.filter(({ members }) => !members.includes(memberOf(name)));
  if (cases.length === 1 && lacking.every(({ members }) => members.length < only)) {
    return `members[${only}]`;
  }
  const branches = cases.map(([place, hashes]) => `WHEN layout IN (${hashes.join(", ")}) THEN members[${place}]`);
  return branches.length === 0 ? "NULL::VARCHAR" : `CASE ${branches.join(" ")} END`;
}

/**
 * Whether a text is a time as Azure writes it: with three or seven digits of a second, or none. What stands in the gaps is looked
 * at by the cast to a time, which takes a space for a digit.
 */
function isTime(column: string): string {
  return `strlen(${column}) IN (20, 24, 28) AND ${column} LIKE '20__-__-__T__:__:__%Z' AND NOT contains(${column}, ' ')`;
}

const instant = (column: string): string => `epoch_ms(TRY_CAST(${column} AS TIMESTAMP))`;

/** Whether a number is written with its digits alone. */
const isPlain = (written: string, number: string): string => `${number}::VARCHAR = ${written}`;

/** Whether a member is absent, or has a value of the form. Cheaper than OR, which looks at the rows in two parts. */
function optionally(column: string, value: string, form: string): string {
  return `(${column} IS NULL) = (${value} IS NULL) AND (${form}) IS NOT FALSE`;
}

/**
 * Whether a value was a text in JSON: DuckDB gives a number, a list and an object as text as well. Numbers begin with a digit or a
 * minus sign, and have neither two points nor two colons nor three hyphens.
 */
function isText(column: string): string {
  const letters = `(${column} >= ':' AND ${column} < '[' AND ${column} NOT IN ('NaN', 'Infinity'))`;
  const others = `(${column} >= '\\' AND ${column} < '{') OR ${column} >= '|' OR ${column} = ''`;
  const forms = ["/%", "%.%.%", "%:%:%", "%-%-%-%"].map((form) => `${column} LIKE '${form}'`).join(" OR ");
  // DuckDB stops at the first that holds.
  return `(${letters} OR ${others} OR (${column} < ':' AND (${forms})) OR ${column} IS NULL)`;
}

/**
 * What a line must be for DuckDB to read it: of a known layout, with texts where texts belong and numbers where numbers belong, and
 * times as Azure writes them. The tolerant reader finds the same in such a line; all others are left to it.
 */
function regular(layouts: readonly Layout[]): string {
  return [
    `layout IN (${layouts.map(({ hash }) => hash).join(", ")})`,
    `category = ${textLiteral(auditCategory)}`,
    `starts_with("bastionId", '/')`,
    `starts_with("operationName", 'Microsoft.')`,
    ...ambiguous.map((name) => isText(quote(name))),
    `region <> ''`,
    `"tunnelId" <> ''`,
    // Lower case is not the same everywhere.
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

/** The lines of files, with the facts that a regular line has, and the number of their file in `files`. */
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
 * The records in files, with the columns of the `loaded` table. A line that is not regular ends the scan.
 * @param numbers of the files, in the same order.
 */
export function recordsInFiles(files: LineFiles, numbers: readonly number[], layouts: readonly Layout[]): string {
  const given = fieldNames.map((name) =>
    fieldOf(name).kind === "text" ? `nullif(${quote(name)}, '') AS ${quote(name)}` : quote(name),
  );
  return `SELECT [${numbers.join(", ")}][file::BIGINT + 1] AS source, ${given.join(", ")}
    FROM (${linesInFiles(files, layouts, "thrown")})
    WHERE CASE WHEN ${regular(layouts)} THEN true ELSE error('irregular') END`;
}

/** The files with a line that is not regular. */
export function irregularFiles(files: LineFiles, layouts: readonly Layout[]): string {
  return `SELECT DISTINCT file FROM (${linesInFiles(files, layouts, "ignored")}) WHERE (${regular(layouts)}) IS NOT TRUE`;
}
