import { isUtf8 } from "node:buffer";
import { jsonValue } from "../../jsonValue.ts";
import { isObject, memberOf } from "../records/values.ts";

/**
 * Names of lists of rows: in Azure Monitor before 2018-11-01 (resource-logs.md), the REST API, and PowerShell's
 * `Invoke-AzOperationalInsightsQuery`.
 */
export const listNames = ["records", "value", "results"] as const;

/**
 * Returns the rows in a document: those of the lists under `listNames`; those of the tables in a query's answer, of Log Analytics
 * (azure-monitor-docs, logs/api/response-format.md, and batch-queries.md for `responses`) or Azure Data Explorer (dataexplorer-docs,
 * api/rest/response-http.md and response-v2.md); the body of an event of Event Hubs; the entry within one of Elasticsearch or Splunk;
 * those of a list. A row may be a document itself.
 * Returns `undefined` for a value that is none: only an entry of a log has a category, and only a row of a table `TimeGenerated`.
 */
export function rowsIn(value: unknown): readonly unknown[] | undefined {
  if (!isObject(value)) {
    return Array.isArray(value) ? value : undefined;
  }
  const tables = memberOf(value, "tables");
  if (Array.isArray(tables)) {
    return resultsOf(tables).flatMap((table: unknown) => (isObject(table) ? rowsOfTable(table) : [table]));
  }
  const responses = memberOf(value, "responses");
  if (Array.isArray(responses)) {
    return responses.flatMap((response: unknown) => rowsIn(bodyOf(response)) ?? (hasError(response) ? [] : [response]));
  }
  const frame = frameOf(value);
  if (frame !== undefined) {
    return frame === "DataTable.PrimaryResult" ? rowsOfTable(value) : [];
  }
  // `evidence pack` writes each record with its place.
  const { file, line, record } = value;
  if (typeof file === "string" && line !== undefined && isObject(record)) {
    return [record];
  }
  if (["category", "timegenerated"].some((name) => memberOf(value, name) !== undefined)) {
    return undefined;
  }
  const lists = listNames.map((name) => memberOf(value, name)).filter((list): list is unknown[] => Array.isArray(list));
  if (lists.length > 0) {
    return lists.flat();
  }
  const inner = eventBody(memberOf(value, "body")) ?? wrapped(value);
  return inner === undefined ? undefined : [inner];
}

/**
 * Returns the body of an event of Event Hubs, as programs write it that convert captured Avro to JSON: an object or a list, a text,
 * bytes in Base64, or below `bytes`.
 */
function eventBody(body: unknown): object | undefined {
  if (typeof body === "string") return documentIn(body) ?? documentIn(Buffer.from(body, "base64").toString());
  const bytes = isObject(body) ? memberOf(body, "bytes") : undefined;
  if (typeof bytes === "string") return documentIn(textOfBytes(bytes));
  return typeof body === "object" && body !== null ? body : undefined;
}

/**
 * Members with the entry of a program that keeps logs. Elasticsearch: the hits of a search (its search API), the document of a hit, and
 * the text from which that was made (ECS, `event.original`; Logstash's `message`). Splunk: the result of a search, its text, and an
 * event that was sent to it ("Format events for HTTP Event Collector").
 */
const wrappers = ["hits", "_source", "result", "_raw", "event", "original", "message"];

function wrapped(value: Readonly<Record<string, unknown>>): object | undefined {
  for (const name of wrappers) {
    const inner = memberOf(value, name);
    const entry = typeof inner === "string" ? documentIn(inner) : inner;
    if (typeof entry === "object" && entry !== null) return entry;
  }
  return undefined;
}

function documentIn(text: string): object | undefined {
  const value = jsonValue(text);
  return typeof value === "object" && value !== null ? value : undefined;
}

/** Avro's JSON has a character for each byte (Avro specification, "JSON Encoding"); other programs write the text itself. */
function textOfBytes(text: string): string {
  const bytes = Buffer.from(text, "latin1");
  return isUtf8(bytes) && bytes.toString("latin1") === text ? bytes.toString() : text;
}

/** Returns the answer to one query of a batch. */
export function bodyOf(response: unknown): unknown {
  return isObject(response) ? memberOf(response, "body") : undefined;
}

function hasError(response: unknown): boolean {
  const body = bodyOf(response);
  return isObject(body) && memberOf(body, "error") !== undefined;
}

/** Returns the kind of a frame that is read or has no rows of the query. `undefined` for other frames, and for other values. */
function frameOf(value: Readonly<Record<string, unknown>>): string | undefined {
  const type = memberOf(value, "frametype");
  if (type === "DataTable") return `DataTable.${String(memberOf(value, "tablekind"))}`;
  const isWhole = type === "DataSetCompletion" && memberOf(value, "haserrors") !== true;
  return type === "DataSetHeader" || isWhole ? type : undefined;
}

/** Returns the tables with results: in version 1 of Azure Data Explorer, the last of three or more tells what the others are. */
function resultsOf(tables: readonly unknown[]): readonly unknown[] {
  const last = tables.length > 2 ? tables.at(-1) : undefined;
  const contents = isObject(last) ? rowsOfTable(last) : [];
  const kinds = contents.flatMap((row) => (isObject(row) && "Ordinal" in row ? [row.Kind] : []));
  return kinds.length === 0 ? tables : tables.filter((_, at) => kinds[at] === "QueryResult");
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
