import { columnIn } from "../records/values.ts";
import { ownOutput } from "./ownOutput.ts";
import { beginsJson } from "./parseJson.ts";
import { isTimeColumn, timeColumnOf, type TimeColumn } from "./datedRow.ts";

export interface CsvHeader {
  readonly form: CsvForm;
  readonly columns: readonly string[];
  /** Columns that may contain times in UTC. */
  readonly timeColumns: readonly TimeColumn[];
}

export interface CsvForm {
  readonly delimiter: string;
  /** Whether a space follows each delimiter. It is not part of the value then. */
  readonly isSpaced: boolean;
}

/** Lines above the header: Windows PowerShell's Export-Csv writes the type of its rows, and Excel the delimiter. */
export const aboveHeader = /^(?:#TYPE |sep=.\s*$)/i;

/** Spreadsheets in some countries separate by semicolons; text copied from a table is separated by tabs. */
const delimiters = [",", ";", "\t"];

/** What rows of logs have and titles have not, except for a time zone: a time, an address, an id. */
const value = /^\d+[-.:/]|^\/|^[^[]*\d:\d\d/;

/**
 * Reads a line as the header of CSV with log rows. It is a header if it names several columns, one of them with the time. The
 * portal appends a column's time zone to its name: `TimeGenerated [UTC]`.
 */
export function csvHeader(line: string): CsvHeader | undefined {
  // Cheap, because every row below the header is tried too: files of CSV may be joined.
  if (!/time|start/i.test(line) || beginsJson(line)) {
    return undefined;
  }
  for (const delimiter of delimiters) {
    const isSpaced = line.includes(`${delimiter} `) && !new RegExp(`${delimiter}[^ ]`).test(line);
    const form = { delimiter, isSpaced };
    const titles = cellsIn(line, form) ?? [];
    const columns = titles.map(columnIn);
    const isHeader = columns.some(isTimeColumn) || ownOutput(columns) !== undefined;
    if (columns.length > 1 && isHeader && !columns.some((column) => value.test(column))) {
      return { form, columns, timeColumns: titles.flatMap((title) => timeColumnOf(title, columnIn(title)) ?? []) };
    }
  }
  return undefined;
}

/**
 * Returns the cells of one row (RFC 4180), which may contain quoted line breaks; `undefined` if it is not one row. The parsers in
 * npm packages are made for whole files: setting one up for each row took most of the time.
 */
export function cellsIn(row: string, { delimiter, isSpaced }: CsvForm): readonly string[] | undefined {
  const text = row.replace(/\r$/, "");
  const cells: string[] = [];
  for (let from = 0; ;) {
    while (isSpaced && text.charAt(from) === " ") from += 1;
    const isQuoted = text.charAt(from) === '"';
    const close = isQuoted ? closingQuote(text, from + 1) : -1;
    const next = text.indexOf(delimiter, Math.max(from, close));
    const end = next === -1 ? text.length : next;
    const cell = text.slice(from, end);
    if (isQuoted ? close + 1 !== end : cell.includes('"')) return undefined;
    cells.push(isQuoted ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (next === -1) return cells;
    from = next + 1;
  }
}

/** Returns the position of the quotation mark that is not doubled; -1 without one. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && text.charAt(at + 1) === '"') at = text.indexOf('"', at + 2);
  return at;
}
