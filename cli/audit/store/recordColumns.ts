/** The columns of a stored record, and what follows from them. */
import { fieldNames, fieldOf, sqlType } from "../fields.ts";
import { quote } from "./sqlText.ts";

/** The number of the file that a record is in, and its facts. */
export const createLoaded = `CREATE OR REPLACE TABLE loaded (source INTEGER, ${fieldNames
  .map((name) => `${quote(name)} ${sqlType(name)}`)
  .join(", ")})`;

/** The category only says which log a record is of. */
const facts = fieldNames.filter((name) => name !== "category");

/** What tells a record from others, in whatever case it is written. */
const identity = facts
  .map((name) => (fieldOf(name).letters === "any" ? `lower(${quote(name)})` : quote(name)))
  .join(", ");

/**
 * Records as they are stored.
 *
 * `identity` is the same for a record that is there twice; `spelling` tells two of them apart that are written in different case, so that
 * records of one moment have one order whatever order they are read in; `session` is the same for all records of one session: those of one tunnel. A
 * record that names no tunnel is a session of its own.
 * @param records with the columns of the `loaded` table.
 */
export function stored(records: string): string {
  return `SELECT *, CASE WHEN "tunnelId" IS NULL THEN identity ELSE hash(lower("tunnelId")) END AS session
    FROM (SELECT *, hash(${identity}) AS identity, hash(${facts.map(quote).join(", ")}) AS spelling FROM (${records}))`;
}
