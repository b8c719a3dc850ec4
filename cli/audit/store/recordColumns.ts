/** The columns of a stored record, and expressions derived from them. */
import { fieldNames, fieldOf, sqlType, type FieldName } from "../fields.ts";
import { quote } from "./sqlText.ts";

/** Creates the table of records: the number of the record's file, and its facts. */
export const createLoaded = `CREATE OR REPLACE TEMP TABLE loaded (source INTEGER, ${fieldNames
  .map((name) => `${quote(name)} ${sqlType(name)}`)
  .join(", ")})`;

/** The category only names the log. */
const facts = fieldNames.filter((name) => name !== "category");

const isCased = (name: FieldName): boolean => fieldOf(name).letters === "any";
const cased = facts.filter(isCased).map(quote);
/** DuckDB computes it once for both hashes. */
const others = `hash(${facts
  .filter((name) => !isCased(name))
  .map(quote)
  .join(", ")})`;

/** A hash of the facts that make a record distinct, independent of case where sources differ in case. */
const identity = `hash(${[others, ...cased.map((column) => `lower(${column})`)].join(", ")})`;
const spelling = `hash(${[others, ...cased].join(", ")})`;

/**
 * Returns records in their stored form.
 *
 * `identity` is the same for duplicates of a record. `spelling` differs between duplicates in different case, so that records
 * of the same time have one order, however they are read. `session` is the same for all records of one tunnel; a record without
 * a tunnel is a session of its own.
 * @param records with the columns of the `loaded` table.
 */
export function stored(records: string): string {
  return `SELECT *, CASE WHEN "tunnelId" IS NULL THEN identity ELSE hash(lower("tunnelId")) END AS session
    FROM (SELECT *, ${identity} AS identity, ${spelling} AS spelling FROM (${records}))`;
}

/**
 * Returns how many records repeat an earlier one, in the columns `session` and `repeats`.
 * @param records a table expression.
 */
export function repeatsIn(records: string): string {
  return `SELECT session, count(*) - 1 AS repeats FROM ${records} GROUP BY session, identity HAVING count(*) > 1`;
}
