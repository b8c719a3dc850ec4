import { parse } from "csv-parse/sync";
import { times } from "../records/logOf.ts";
import { columnIn } from "../records/values.ts";

export interface CsvHeader {
  readonly form: CsvForm;
  readonly columns: readonly string[];
  /** Columns that may contain times in UTC. */
  readonly timeColumns: readonly TimeColumn[];
}

interface TimeColumn {
  readonly name: string;
  /** Whether its title lacks the time zone, and it is the time of a row. */
  readonly lacksZone: boolean;
}

export interface CsvForm {
  readonly delimiter: string;
  /** Whether a space follows each delimiter. It is not part of the value then. */
  readonly isSpaced: boolean;
}

/** Spreadsheets in some countries separate by semicolons; text copied from a table is separated by tabs. */
const delimiters = [",", ";", "\t"];

/** The column with the time of a row. */
const timeColumn = new RegExp(`^(?:${times.join("|")})(?: \\[.*\\])?$`, "i");

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
    const titles = cellsIn(line, form) ?? [];
    const columns = titles.map(columnIn);
    if (columns.length > 1 && columns.some((column) => timeColumn.test(column))) {
      return { form, columns, timeColumns: timeColumnsIn(titles) };
    }
  }
  return undefined;
}

function timeColumnsIn(titles: readonly string[]): TimeColumn[] {
  return titles.flatMap((title) => {
    const name = columnIn(title);
    const isTime = /time/i.test(name) && !name.endsWith("]");
    return isTime ? [{ name, lacksZone: timeColumn.test(name) && name === title.trim() }] : [];
  });
}

/** Returns the cells of one row, which may contain quoted line breaks; `undefined` if it is not one row. */
export function cellsIn(row: string, { delimiter, isSpaced }: CsvForm): readonly string[] | undefined {
  try {
    const options = { delimiter, record_delimiter: "\n", relax_column_count: true, ltrim: isSpaced };
    const rows = parse(row.replace(/\r$/, ""), options);
    return rows.length === 1 ? rows[0] : undefined;
  } catch {
    return undefined;
  }
}
