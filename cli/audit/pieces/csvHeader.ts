import { parse } from "csv-parse/sync";

export interface CsvHeader {
  readonly form: CsvForm;
  readonly columns: readonly string[];
}

export interface CsvForm {
  readonly delimiter: string;
  /** Whether a blank follows each delimiter, which is part of no value then. */
  readonly isSpaced: boolean;
}

/** Spreadsheets of some countries separate by semicolons, and a copy from a table by tabs. */
const delimiters = [",", ";", "\t"];

/** Names of the column with the time of a row: in tables, blobs, the output of `logs --records`, and `Get-AzActivityLog`. */
const timeColumn = /^(?:time|timegenerated|eventtimestamp)(?: \[.*\])?$/i;

/**
 * Reads a line as the header of a CSV file of log rows. It is a header if it names several columns, one of them with the time.
 * The portal appends a column's time zone to its name: `TimeGenerated [UTC]`.
 */
export function csvHeader(line: string): CsvHeader | undefined {
  if (/^\s*[{[]/.test(line)) {
    return undefined;
  }
  for (const delimiter of delimiters) {
    const isSpaced = line.includes(`${delimiter} `) && !new RegExp(`${delimiter}[^ ]`).test(line);
    const form = { delimiter, isSpaced };
    const columns = (cellsIn(line, form) ?? []).map(columnIn);
    if (columns.length > 1 && columns.some((column) => timeColumn.test(column))) {
      return { form, columns };
    }
  }
  return undefined;
}

/** The column that a cell of a header names. */
export function columnIn(cell: string): string {
  return cell.trim().replace(/ \[UTC\]$/i, "");
}

/** The cells of one row, which may have line breaks in quotation marks; `undefined` where it is not a row. */
export function cellsIn(row: string, { delimiter, isSpaced }: CsvForm): readonly string[] | undefined {
  try {
    const options = { delimiter, record_delimiter: "\n", relax_column_count: true, ltrim: isSpaced };
    const rows = parse(row.replace(/\r$/, ""), options);
    return rows.length === 1 ? rows[0] : undefined;
  } catch {
    return undefined;
  }
}
