import { isObject, memberOf } from "../records/values.ts";

/**
 * Names of lists of rows: in Azure Monitor before 2018-11-01 (resource-logs.md), the REST API, and PowerShell's
 * `Invoke-AzOperationalInsightsQuery`.
 */
export const listNames = ["records", "value", "results"] as const;

/**
 * Returns the rows in a document: those of the lists under `listNames`, or those of the tables in a query's response
 * (azure-monitor-docs, logs/api/response-format.md). Returns `undefined` for a value that is a row itself: only an entry of a log
 * has a category.
 */
export function rowsIn(value: unknown): readonly unknown[] | undefined {
  if (!isObject(value)) {
    return undefined;
  }
  const tables = memberOf(value, "tables");
  if (Array.isArray(tables)) {
    return tables.flatMap((table: unknown) => (isObject(table) ? rowsOfTable(table) : [table]));
  }
  const lists = listNames.map((name) => memberOf(value, name)).filter(Array.isArray);
  return lists.length === 0 || memberOf(value, "category") !== undefined ? undefined : lists.flat();
}

function rowsOfTable(table: Readonly<Record<string, unknown>>): readonly unknown[] {
  const columns = memberOf(table, "columns");
  const rows = memberOf(table, "rows");
  if (!Array.isArray(columns) || !Array.isArray(rows)) {
    return [table];
  }
  const names = columns.map(nameOf);
  return rows.map((row: unknown) =>
    Array.isArray(row) ? Object.fromEntries(names.map((name, at) => [name, row[at] as unknown])) : row,
  );
}

/** Returns a column's `name`, or its `ColumnName` in an older version of the API. */
function nameOf(column: unknown): string {
  const name = isObject(column) ? (memberOf(column, "name") ?? memberOf(column, "columnname")) : undefined;
  return typeof name === "string" ? name : "";
}
