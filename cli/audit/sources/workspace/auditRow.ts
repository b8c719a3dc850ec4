import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { queriedFields } from "../../kql/auditTables.ts";
import type { Row } from "./pages.ts";

/** A row of `auditRecordsQuery` as a value that `recordOf` reads: what a fact means does not depend on where it was read. */
export function auditRowOf(row: Row): Readonly<Record<string, unknown>> {
  const facts = queriedFields.map(({ name, column }) => [name, written(row[column])] as const);
  return { category: auditCategory, timeGenerated: written(row.TimeGenerated), ...Object.fromEntries(facts) };
}

/** A date is read from its text; one that the SDK could not make out is shown as what it is. */
function written(value: unknown): unknown {
  if (!(value instanceof Date)) {
    return value;
  }
  return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
}
