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

/** Facts that a query reads: all but the one that only one of the tables has. */
export const queriedFields = fieldNames.filter((name) => fieldOf(name).column !== null);

/** The column that a query makes of a fact: names in KQL begin with a capital letter. */
export function queryColumn(name: FieldName): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

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
