import { parse } from "csv-parse/sync";

export interface CsvHeader {
  readonly delimiter: string;
  readonly columns: readonly string[];
}

/** Spreadsheets of some countries separate by semicolons, and a copy from a table by tabs. */
const delimiters = [",", ";", "\t"];

/** A column with the time of a row: in tables, in blobs and in what `logs --records` writes; in `Get-AzActivityLog`. */
const timeColumn = /^(?:time|timegenerated|eventtimestamp)(?: \[.*\])?$/i;

/**
 * Reads a line as the header of a CSV file of log rows, which it is if several columns are named and one of them is the time.
 * The portal names the time zone of a column behind its name: `TimeGenerated [UTC]`.
 */
export function csvHeader(line: string): CsvHeader | undefined {
  if (/^\s*[{[]/.test(line)) {
    return undefined;
  }
  for (const delimiter of delimiters) {
    const columns = cellsIn(line, delimiter) ?? [];
    if (columns.length > 1 && columns.some((column) => timeColumn.test(column.trim()))) {
      return { delimiter, columns: columns.map((column) => column.trim().replace(/ \[UTC\]$/i, "")) };
    }
  }
  return undefined;
}

/** The cells of one row, which may have line breaks in quotation marks; `undefined` where it is not a row. */
export function cellsIn(row: string, delimiter: string): readonly string[] | undefined {
  try {
    const rows = parse(row.replace(/\r$/, ""), { delimiter, record_delimiter: "\n", relax_column_count: true });
    return rows.length === 1 ? rows[0] : undefined;
  } catch {
    return undefined;
  }
}
