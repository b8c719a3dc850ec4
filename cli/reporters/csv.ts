/** CSV (RFC 4180) for spreadsheets and other tools. */
import { stringify } from "csv-stringify/sync";
import type { Cell, Column, Rows } from "./rows.ts";
import { visible } from "./visible.ts";

export interface CsvStyle {
  /** Whether a person sees it: then what a terminal would act on is made visible. A file gets the values as they are. */
  readonly toTerminal: boolean;
}

/** A head line and one line for each row. A text that a spreadsheet would run as a formula gets an apostrophe. */
export async function* csvText<Row>(
  rows: Rows<Row>,
  columns: readonly Column<Row>[],
  { toTerminal }: CsvStyle,
): AsyncGenerator<string> {
  yield line(columns.map(({ key }) => key));
  for await (const row of rows) {
    yield line(columns.map(({ value }) => cellOf(value(row), toTerminal)));
  }
}

function line(cells: readonly (string | number | boolean | null)[]): string {
  return stringify([cells], { cast: { boolean: String } });
}

function cellOf(value: Cell, toTerminal: boolean): string | number | boolean | null {
  if (typeof value !== "string") return value ?? null;
  const text = toTerminal ? visible(value) : value;
  return isFormula(value) ? `'${text}` : text;
}

/**
 * What a spreadsheet may run (OWASP, "CSV Injection"): accounts and user agents are chosen by whoever tries to log in. Programs skip
 * white space and invisible characters before the sign, and take the wide forms of the signs as well.
 */
function isFormula(text: string): boolean {
  return /^(?:[\t\r\n]|[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20])/u.test(text);
}
