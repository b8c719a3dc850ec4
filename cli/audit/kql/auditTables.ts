import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { auditTableName } from "@bastion-trail/core/links/kql";
import { kqlString } from "@bastion-trail/core/links/kqlText";
import { fieldNames, fieldOf, type FieldName } from "../fields.ts";

/** A workspace table that holds Bastion audit records, and how each fact is read from it. */
export interface AuditTable {
  readonly name: string;
  /** KQL conditions that a row must meet to be such a record. */
  readonly conditions: readonly string[];
  /** A KQL expression for a fact. */
  readonly valueOf: (name: FieldName) => string;
}

/** Facts that a query reads, and the column that it has for each: that of the dedicated table, as the rule for sessions expects. */
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
 * The shared table of a setting without a destination type. A column of a member of `properties` is there only once a row had it
 * (azure-monitor-docs, reference/tables/azurediagnostics.md).
 */
export const diagnosticsTable: AuditTable = {
  name: "AzureDiagnostics",
  conditions: [`Category =~ ${kqlString(auditCategory)}`],
  valueOf: (name) => first(fieldOf(name).diagnostics.map(diagnosticsValue)),
};

/** Where Bastion audit records may be, in the order in which they are looked for. */
export const auditTables: readonly AuditTable[] = [dedicatedTable, diagnosticsTable];

/** Columns that `AzureDiagnostics` has from the start. */
const standing: readonly string[] = ["TimeGenerated", "OperationName", "Category", "_ResourceId"];

/** What a column of `AzureDiagnostics` has, as a number or as a text; its suffix tells its type. */
function diagnosticsValue(column: string): string {
  if (standing.includes(column)) return column;
  if (column.endsWith("_d")) return optional(column, "real(null)");
  return /_[gt]$/.test(column) ? `tostring(${optional(column)})` : optional(column);
}

/** A column that may be absent. */
function optional(column: string, otherwise = '""'): string {
  return `column_ifexists(${kqlString(column)}, ${otherwise})`;
}

/** The first text that is not empty. */
function first(values: readonly string[]): string {
  return values.reduceRight((other, value) => `iff(isnotempty(${value}), ${value}, ${other})`);
}
