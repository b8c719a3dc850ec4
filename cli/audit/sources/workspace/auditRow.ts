import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { queriedFields } from "../../kql/auditTables.ts";
import type { Row } from "./pages.ts";

/** Returns a row of `auditRecordsQuery` in a form that `recordOf` reads, so that a fact means the same in every source. */
export function auditRowOf(row: Row): Readonly<Record<string, unknown>> {
  const facts = queriedFields.map(({ name, column }) => [name, written(row[column])] as const);
  return { category: auditCategory, timeGenerated: written(row.TimeGenerated), ...Object.fromEntries(facts) };
}

/** Returns a date as text. A date that the SDK could not parse becomes "Invalid Date". */
function written(value: unknown): unknown {
  if (!(value instanceof Date)) {
    return value;
  }
  return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
}
