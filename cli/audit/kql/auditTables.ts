import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { auditTableName } from "@bastion-trail/core/links/kql";
import { kqlString } from "@bastion-trail/core/links/kqlText";
import { fieldNames, fieldOf, type FieldName } from "../fields.ts";

/** A workspace table with Bastion audit records, and how each fact is read from it. */
export interface AuditTable {
  readonly name: string;
  /** KQL conditions for rows that are audit records. */
  readonly conditions: readonly string[];
  /** Returns a KQL expression for a fact. */
  readonly valueOf: (name: FieldName) => string;
}

/** Facts that a query reads, each with its column in the dedicated table, as the rule for sessions expects. */
export const queriedFields = fieldNames.flatMap((name) => {
  const { column } = fieldOf(name);
  return column === null ? [] : [{ name, column }];
});

/** The table of a diagnostic setting with destination type `Dedicated`. */
export const dedicatedTable: AuditTable = {
  name: auditTableName,
  conditions: [],
  valueOf(name) {
    const { column, maybeAbsent = false } = fieldOf(name);
    if (column === null) throw new RangeError(`${auditTableName} has no column for '${name}'.`);
    return maybeAbsent ? optional(column) : column;
  },
};

/**
 * The shared table of a setting without a destination type. The column of a member of `properties` exists only once a row has
 * had it (azure-monitor-docs, reference/tables/azurediagnostics.md).
 */
export const diagnosticsTable: AuditTable = {
  name: "AzureDiagnostics",
  conditions: [`Category =~ ${kqlString(auditCategory)}`],
  valueOf: (name) => first(fieldOf(name).diagnostics.map(diagnosticsValue)),
};

/** The tables that may hold Bastion audit records, in search order. */
export const auditTables: readonly AuditTable[] = [dedicatedTable, diagnosticsTable];

/** Columns that `AzureDiagnostics` always has. */
const standing: readonly string[] = ["TimeGenerated", "OperationName", "Category", "_ResourceId"];

/** Returns an expression for a column of `AzureDiagnostics`, as a number or a text. Its suffix is its type. */
function diagnosticsValue(column: string): string {
  if (standing.includes(column)) return column;
  if (column.endsWith("_d")) return optional(column, "real(null)");
  return /_[gt]$/.test(column) ? `tostring(${optional(column)})` : optional(column);
}

/** Returns an expression for a column that may not exist. */
function optional(column: string, otherwise = '""'): string {
  return `column_ifexists(${kqlString(column)}, ${otherwise})`;
}

/** Returns an expression for the first text that is not empty. */
function first(values: readonly string[]): string {
  return values.reduceRight((other, value) => `iff(isnotempty(${value}), ${value}, ${other})`);
}
