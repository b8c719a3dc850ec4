/** What the fold reads of a record, as SQL: from a file of JSON lines by DuckDB, or from a table of records. */
import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { fieldNames, fieldOf, isProperty, memberOf, sessionFields, type FieldName } from "../fields.ts";
import { messages } from "../records/messages.ts";

/** Which members `properties` has, in the order in which they stand there. */
export interface Layout {
  /** DuckDB's hash of the list of members. */
  readonly hash: bigint;
  readonly members: readonly string[];
}

/** Texts that are the same in all records of a session, and that a session shows as they are. */
export const sharedTexts = sessionFields.filter((name) => fieldOf(name).kind === "text" && name !== "tunnelId");

/** Facts of a record in the fold, in the order of the `loaded` table. Times and durations are milliseconds. */
export const recordFacts = fieldNames.filter((name) => name !== "category");

const texts = recordFacts.filter((name) => fieldOf(name).kind === "text");

/**
 * Texts that the first pass has as JSON, in quotation marks, since nothing else tells a text from a number there. The others have a
 * form that no number has.
 */
const asJson: readonly FieldName[] = texts.filter((name) => isProperty(name) || name === "region");

/**
 * DuckDB's scan of JSON lines, each with the values of `properties` and the hash of its members' names.
 *
 * @param errors whether what is not such a line ends the scan, as a member that is there twice does, or makes a row of nulls.
 */
function scan(files: readonly string[], pass: "first" | "second", errors: "thrown" | "ignored"): string {
  const own = fieldNames.filter((name) => !isProperty(name));
  const type = (name: FieldName): string => (pass === "first" && asJson.includes(name) ? "JSON" : "VARCHAR");
  const columns = own.map((name) => `${quote(memberOf(name))}: '${type(name)}'`);
  const values = pass === "first" ? "JSON" : "VARCHAR";
  return `(SELECT ${own.map((name) => `${quote(memberOf(name))}::VARCHAR AS ${quote(name)}`).join(", ")},
      map_values(properties)::VARCHAR[] AS members, hash(map_keys(properties)) AS layout, file_index AS file
    FROM ${readJson(files, errors)}, columns = {${columns.join(", ")}, properties: 'MAP(VARCHAR, ${values})'}))`;
}

/**
 * The beginning of a call. Names of folders are no columns, and names of files say nothing of compression. DuckDB 1.5 has to be told
 * that lines are records: with a single column it finds out, and ends the process at some 20,000 nested values.
 */
function readJson(files: readonly string[], errors: "thrown" | "ignored"): string {
  return `read_json([${files.map(fileLiteral).join(", ")}], format = 'newline_delimited', auto_detect = false, records = true,
    compression = 'uncompressed', hive_partitioning = false, ignore_errors = ${errors === "ignored"}`;
}

/** The layouts of the first records of some files. */
export function layoutsInFiles(files: readonly string[]): string {
  return `SELECT DISTINCT hash(names), to_json(names)::VARCHAR
    FROM (SELECT map_keys(properties) AS names
      FROM ${readJson(files, "ignored")}, columns = {properties: 'MAP(VARCHAR, JSON)'}) LIMIT 20000)
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
  return branches.length === 0 ? "NULL" : `CASE ${branches.join(" ")} END`;
}

/**
 * Whether a text is a time as Azure writes it: with three or seven digits of a second, or none. What stands in the gaps is looked
 * at by the cast to a time, which takes a space for a digit.
 */
function isTime(column: string): string {
  return `strlen(${column}) IN (20, 24, 28) AND ${column} LIKE '20__-__-__T__:__:__%Z' AND NOT contains(${column}, ' ')`;
}

const instant = (column: string): string => `epoch_ms(TRY_CAST(${column} AS TIMESTAMP))`;

/** What is in quotation marks, if that is what JSON is. */
const unquoted = (column: string): string => `substr(${column}, 2, strlen(${column}) - 2)`;

/** Whether JSON is a number without fraction and exponent. */
function isWhole(column: string): string {
  return `NOT contains(${column}, '.') AND NOT contains(${column}, 'e')`;
}

/** Whether a member is absent, or has a value of the form. Cheaper than OR, which looks at the rows in two parts. */
function optionally(column: string, value: string, form: string): string {
  return `(${column} IS NULL) = (${value} IS NULL) AND (${form}) IS NOT FALSE`;
}

/** A word that needs no escapes, in quotation marks. */
const written = (word: string): string => textLiteral(JSON.stringify(word));

const ended = messages.ended.toLowerCase();

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
    // A JSON text begins with a quotation mark, which comes before whatever else a value begins with. The least one is empty.
    `(${asJson.map((name) => `${quote(name)} >= '#'`).join(" OR ")}) IS NOT TRUE`,
    `region > '""'`,
    `"tunnelId" > '""'`,
    // Lower case is not the same everywhere.
    `protocol IN (${written("ssh")}, ${written("rdp")}) IS NOT FALSE`,
    isTime("timeText"),
    "time IS NOT NULL",
    optionally("startText", '"sessionStart"', isTime("startText")),
    optionally("endText", '"sessionEnd"', isTime("endText")),
    `("sessionEnd" >= "sessionStart") IS NOT FALSE`,
    optionally("portToken", '"clientPort"', `"clientPort" BETWEEN 0 AND 65535 AND ${isWhole("portToken")}`),
    optionally(
      "durationToken",
      '"durationMs"',
      `"durationMs" BETWEEN 0 AND 9999999999 AND ${isWhole("durationToken")}`,
    ),
    // The end of a session in other letters than those that are looked for.
    `(strlen(message) < ${ended.length + 2} OR ends OR NOT contains(lower(message), ${textLiteral(ended)})) IS NOT FALSE`,
  ].join(" AND ");
}

/** The lines of files, with the facts that a regular line has, and the number of their file in `files`. */
function linesInFiles(files: readonly string[], layouts: readonly Layout[], errors: "thrown" | "ignored"): string {
  const member = (name: FieldName): string => valueOf(name, layouts);
  const given = texts.map((name) => (isProperty(name) ? `${member(name)} AS ${quote(name)}` : quote(name)));
  return `SELECT *, ${instant("timeText")} AS time, ${instant("startText")} AS "sessionStart", ${instant("endText")} AS "sessionEnd",
      TRY_CAST(portToken AS INTEGER) AS "clientPort", TRY_CAST(durationToken AS BIGINT) AS "durationMs",
      coalesce(message IN (${written(messages.ended)}, ${written(`${messages.ended}.`)}), false) AS ends
    FROM (SELECT layout, category, file, ${given.join(", ")}, time AS timeText, ${unquoted(member("sessionStart"))} AS startText,
        ${unquoted(member("sessionEnd"))} AS endText, ${member("clientPort")} AS portToken, ${member("durationMs")} AS durationToken
      FROM ${scan(files, "first", errors)})`;
}

/** The records in files, each with the number of its file in `files`. Texts of `asJson` are JSON. A line that is not regular ends the scan. */
export function recordsInFiles(files: readonly string[], layouts: readonly Layout[]): string {
  return `SELECT ${recordFacts.map(quote).join(", ")}, ends, file FROM (${linesInFiles(files, layouts, "thrown")})
    WHERE CASE WHEN ${regular(layouts)} THEN true ELSE error('irregular') END`;
}

/** The files with a line that is not regular. */
export function irregularFiles(files: readonly string[], layouts: readonly Layout[]): string {
  return `SELECT DISTINCT file FROM (${linesInFiles(files, layouts, "ignored")}) WHERE (${regular(layouts)}) IS NOT TRUE`;
}

/** The texts of the records in files that have regular lines only, as they are, with the key of each record's session. */
export function textsInFiles(files: readonly string[], layouts: readonly Layout[]): string {
  const given = [...sharedTexts, "tunnelId" as const].map((name) =>
    isProperty(name) ? `${valueOf(name, layouts)} AS ${quote(name)}` : quote(name),
  );
  return `SELECT *, ${keyOf(`to_json("tunnelId")::VARCHAR`)} AS key
    FROM (SELECT ${given.join(", ")}, TRY_CAST(${valueOf("clientPort", layouts)} AS INTEGER) AS "clientPort", file
      FROM ${scan(files, "second", "thrown")})`;
}

/** Whether a record is of the end of a session. */
const isEnd = `lower(trim(message, ' .')) = ${textLiteral(ended)}`;

/** The records that were handed over one by one, in the form of those in files. */
export const recordsLoaded = `SELECT * REPLACE (${asJson
  .map((name) => `to_json(${quote(name)})::VARCHAR AS ${quote(name)}`)
  .join(", ")}), coalesce(${isEnd}, false) AS ends, NULL::UBIGINT AS file FROM loaded`;

/** All records of a tunnel are of one session. */
const keyOf = (tunnel: string): string => `hash(lower(${tunnel}))`;

/**
 * What has the same hash is the same; the reverse holds for what one reader has read. A record without a tunnel is a session of
 * its own.
 */
export function hashed(records: string): string {
  return `SELECT *, CASE WHEN "tunnelId" IS NULL THEN identity ELSE ${keyOf('"tunnelId"')} END AS key
    FROM (SELECT *, hash(${ofOneRecord.map(quote).join(", ")}, same) AS identity
      FROM (SELECT *, hash(${ofSession.map(quote).join(", ")}) AS same FROM (${records})))`;
}

/** Facts that are the same in all records of a session. */
export const ofSession = sessionFields;

/** Facts that differ between the records of a session. */
export const ofOneRecord = recordFacts.filter((name) => !sessionFields.includes(name));

/** A text of a record as it is. An empty one says nothing. */
export function asText(name: FieldName): string {
  return asJson.includes(name) ? `nullif(json_extract_string(${quote(name)}, '$'), '') AS ${quote(name)}` : quote(name);
}

export function quote(name: string): string {
  return `"${name}"`;
}

/** A file's name as DuckDB takes it: as it is, not as a pattern. */
function fileLiteral(file: string): string {
  return textLiteral(file.replace(/[[*?]/g, "[$&]"));
}

export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A text in the form that a text of the record has in the first pass. */
export function firstPassText(name: FieldName, text: string): string {
  return asJson.includes(name) ? `(to_json(${textLiteral(text)})::VARCHAR)` : textLiteral(text);
}
