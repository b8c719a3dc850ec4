/** CSV (RFC 4180) for spreadsheets and other tools. */
import { stringify } from "csv-stringify/sync";
import type { Cell, Column, Rows } from "./rows.ts";
import { visible } from "@bastion-trail/core/rules/visible";

export interface CsvStyle {
  /** Whether the output is a terminal. If so, control characters are made visible; a file gets the values unchanged. */
  readonly toTerminal: boolean;
}

/**
 * Yields a header line and one line per row. Text that a spreadsheet would run as a formula is prefixed with an
 * apostrophe.
 */
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
  return stringify([cells], { cast: { boolean: String }, quoted_match: otherSeparator });
}

function cellOf(value: Cell, toTerminal: boolean): string | number | boolean | null {
  if (typeof value !== "string") return value ?? null;
  const text = (toTerminal ? visible(value) : value).replaceAll(laterFormula, "$&'");
  return formula.test(value) ? `'${text}` : text;
}

/**
 * Signs at which some programs divide a text too: Excel at the semicolon in many countries, LibreOffice also at a tab. A line that
 * they divide there has its quotation marks elsewhere, so that they end it at a line break within a text.
 */
const otherSeparator = /[;\t\r\n]/;

/**
 * The beginning of a text that a spreadsheet may run (OWASP, "CSV Injection"): anybody who tries to log in chooses the
 * account and the user agent. Programs skip white space and invisible characters before the sign, and accept full-width
 * signs as well.
 */
const unseen = String.raw`[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]*`;
const sign = String.raw`[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]`;
const formula = new RegExp(`^(?:[\\t\\r\\n]|${unseen}${sign})`, "u");
/** What is before such a beginning within a text. */
const laterFormula = new RegExp(`${otherSeparator.source}${unseen}(?=${sign})`, "gu");
