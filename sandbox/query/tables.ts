import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineTable } from "./engine.ts";
import { typeBySuffix, workspaceTables, type ColumnType, type TableSchema } from "./workspaceTables.ts";

/** A table of one workspace. */
export interface WorkspaceTable {
  readonly name: string;
  readonly schema: TableSchema;
  /** NDJSON file of its rows; null if it has none. */
  readonly file: string | null;
}

/** Kusto has no null string; every other type has a null. A dynamic value is stored as JSON. */
const engineTypes: Readonly<Record<ColumnType, string>> = {
  string: "String",
  int: "Nullable(Int32)",
  long: "Nullable(Int64)",
  real: "Nullable(Float64)",
  bool: "Nullable(Bool)",
  datetime: "Nullable(DateTime64(7, 'UTC'))",
  guid: "Nullable(UUID)",
  dynamic: "String",
};

/**
 * Returns the tables of a workspace: each one that has received a row, and AzureActivity, which every workspace has.
 * @param directory the sandbox's folder
 */
export async function tablesOf(directory: string, customerId: string): Promise<WorkspaceTable[]> {
  const tables: WorkspaceTable[] = [];
  for (const [name, schema] of Object.entries(workspaceTables)) {
    const file = join(directory, "workspaces", customerId, `${name}.ndjson`);
    const exists = existsSync(file);
    if (!exists && name !== "AzureActivity") continue;
    tables.push({
      name,
      file: exists ? file : null,
      schema: name === "AzureDiagnostics" ? { ...schema, ...(await grownColumns(file)) } : schema,
    });
  }
  return tables;
}

/** Returns the columns created by the rows of a table with a dynamic schema. */
async function grownColumns(file: string): Promise<TableSchema> {
  const names = new Set<string>();
  for (const line of (await readFile(file, "utf8")).split("\n")) {
    if (line === "") continue;
    for (const name of Object.keys(JSON.parse(line) as object)) names.add(name);
  }
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const type = typeBySuffix(name);
      return type === undefined ? [] : [[name, type] as const];
    }),
  );
}

/** Returns a table for chDB. */
export function engineTable({ name, file, schema }: WorkspaceTable): EngineTable {
  return { name, file, columns: Object.entries(schema).map(([column, type]) => [column, engineTypes[type]]) };
}

/** Returns a table for an engine with Kusto's types. */
export function kustoTable({ name, file, schema }: WorkspaceTable): EngineTable {
  return { name, file, columns: Object.entries(schema) };
}

/** Returns the type of a result's column: chDB's type, or `dynamic` for a column of that type under its own name. */
export function resultType(
  name: string,
  engineType: string,
  tables: readonly WorkspaceTable[],
): ColumnType | "decimal" | "timespan" {
  const type = engineType.replace(/^(?:Nullable|LowCardinality)\((.*)\)$/, "$1");
  if (type === "String") return tables.some(({ schema }) => schema[name] === "dynamic") ? "dynamic" : "string";
  if (type.startsWith("DateTime")) return "datetime";
  if (/^U?Int(8|16|32)$/.test(type) && !/^UInt32$/.test(type)) return "int";
  if (/^U?Int/.test(type)) return "long";
  if (type.startsWith("Float")) return "real";
  if (type.startsWith("Decimal")) return "decimal";
  if (type.startsWith("Interval")) return "timespan";
  if (type === "Bool") return "bool";
  if (type === "UUID") return "guid";
  return "dynamic";
}
