import { readRecords } from "../../../../cli/audit/records/readRecords.ts";
import type { AuditRecord } from "../../../../cli/audit/fields.ts";
import type { SourceRecord } from "../../../../cli/audit/records/types.ts";
import { blobRecord, lines, LogFolder, readBack } from "../auditLines.ts";

export const ended: AuditRecord = {
  ...readBack,
  time: "2026-05-04T10:12:05.000Z",
  message: 'Something "new", twice,\nof Zoë',
  sessionStart: "2026-05-04T10:00:00.123Z",
  sessionEnd: "2026-05-04T10:12:05.000Z",
  durationMs: 724_877,
};
export const both = [readBack, ended];

export const end = {
  message: ended.message,
  sessionStartTime: "2026-05-04T10:00:00.1234567Z",
  sessionEndTime: "2026-05-04T10:12:05Z",
  duration: 724_877,
};
export const text = lines(blobRecord(), blobRecord(end, { time: "2026-05-04T10:12:05.0000000Z" }));

export type Row = Readonly<Record<string, unknown>>;

/** A row of `MicrosoftAzureBastionAuditLogs` (azure-monitor-ref, tables/microsoftazurebastionauditlogs.md). */
export function tableRow(facts: Record<string, unknown> = {}, time = readBack.time): Row {
  const { properties, resourceId, operationName, location } = blobRecord(facts);
  const pascal = Object.entries(properties).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]);
  return {
    TenantId: "t",
    TimeGenerated: time,
    ...(Object.fromEntries(pascal) as Row),
    Time: time,
    OperationName: operationName,
    Location: location,
    Type: "MicrosoftAzureBastionAuditLogs",
    _ResourceId: resourceId,
  };
}

/** A row of `AzureDiagnostics`, whose columns have their type as suffix. */
export function diagnosticsRow(facts: Record<string, unknown> = {}, time = readBack.time): Row {
  const { properties, resourceId, operationName, category } = blobRecord(facts);
  const suffix = (key: string, value: unknown): string =>
    key === "tunnelId" ? "g" : key.endsWith("Time") ? "t" : typeof value === "number" ? "d" : "s";
  const typed = Object.entries(properties).map(([key, value]) => [`${key}_${suffix(key, value)}`, value]);
  return {
    TenantId: "t",
    TimeGenerated: time,
    ResourceId: resourceId,
    Category: category,
    ResourceType: "BASTIONHOSTS",
    OperationName: operationName,
    ...(Object.fromEntries(typed) as Row),
    location_s: "westeurope",
    Type: "AzureDiagnostics",
  };
}

const textIn = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);

export function csv(rows: readonly Row[], delimiter = ",", named = (column: string) => column): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown): string => `"${textIn(value).replaceAll('"', '""')}"`;
  return [columns.map(named), ...rows.map((row) => columns.map((column) => row[column]))]
    .map((cells) => `${cells.map(cell).join(delimiter)}\r\n`)
    .join("");
}

export function table(rows: readonly Row[]): Row {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    name: "PrimaryResult",
    columns: columns.map((name) => ({ name, type: "string" })),
    rows: rows.map((row) => columns.map((column) => row[column] ?? null)),
  };
}

function explorerTable(rows: readonly Row[]): Row {
  const { columns, rows: Rows } = table(rows);
  return {
    Columns: (columns as { name: string }[]).map(({ name }) => ({ ColumnName: name, ColumnType: "string" })),
    Rows,
  };
}

/** The tables of an answer of Azure Data Explorer (dataexplorer-docs, api/rest/response-http.md). */
export function explorerTables(rows: readonly Row[]): Row[] {
  const kinds = ["QueryResult", "QueryProperties", "QueryStatus"];
  const toc = kinds.map((Kind, Ordinal) => ({ Ordinal, Kind, Name: "", Id: "", PrettyName: "" }));
  return [rows, [{ Value: "{}" }], [{ Timestamp: readBack.time, Severity: 4 }], toc].map((some, at) => ({
    TableName: `Table_${at}`,
    ...explorerTable(some),
  }));
}

/** The frames of an answer of Azure Data Explorer (dataexplorer-docs, api/rest/response-v2.md). */
export function explorerFrames(rows: readonly Row[]): Row[] {
  return [
    { FrameType: "DataSetHeader", IsProgressive: false, Version: "v2.0" },
    { FrameType: "DataTable", TableId: 0, TableKind: "QueryProperties", ...explorerTable([{ Key: "Visualization" }]) },
    { FrameType: "DataTable", TableId: 1, TableKind: "PrimaryResult", ...explorerTable(rows) },
    {
      FrameType: "DataTable",
      TableKind: "QueryCompletionInformation",
      ...explorerTable([{ Timestamp: readBack.time }]),
    },
    { FrameType: "DataSetCompletion", HasErrors: false, Cancelled: false },
  ];
}

/** What was read; `readRecords.test.ts` says how a record lies in its file. */
type WithoutRaw = Exclude<SourceRecord, { readonly record: AuditRecord }> | { readonly record: AuditRecord };

export async function read(name: string, content: string | Uint8Array): Promise<WithoutRaw[]> {
  using folder = new LogFolder();
  const file = folder.write(name, content);
  return (await Array.fromAsync(readRecords(file))).map((found) => {
    if ("unreadable" in found) return { unreadable: { ...found.unreadable, file: name } };
    if ("record" in found) return { record: found.record };
    return "aside" in found ? { aside: { ...found.aside, file: name } } : found;
  });
}

export const utf16 = (content: string, mark = "\uFEFF"): Buffer => Buffer.from(mark + content, "utf16le");

/** Joins the names of nested members, as tools do that make a table of JSON. */
export function joined(value: Row, mark: string, before = ""): Row {
  const members = Object.entries(value).map(([key, member]) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? joined(member as Row, mark, `${before}${key}${mark}`)
      : { [before + key]: member },
  );
  return Object.assign({}, ...members) as Row;
}

/** Renames members at all levels. */
export function renamed(value: Row, rename: (key: string) => string): Row {
  const members = Object.entries(value).map(([key, member]) => [
    rename(key),
    typeof member === "object" && member !== null && !Array.isArray(member) ? renamed(member as Row, rename) : member,
  ]);
  return Object.fromEntries(members) as Row;
}

/** A name as Python's SDKs write it: `user_name`. */
export const snake = (key: string): string => key.replaceAll(/(?<=[a-z])[A-Z]/g, "_$&").toLowerCase();
