/** CSV (RFC 4180) for spreadsheets and other tools. */
import { stringify } from "csv-stringify/sync";
import type { Column, Rows } from "./report.ts";

/**
 * A head line and one line for each row. A value that a spreadsheet would take for a formula gets an apostrophe: accounts
 * and user agents are chosen by whoever tries to log in.
 */
export async function* csvText<Row>(rows: Rows<Row>, columns: readonly Column<Row>[]): AsyncGenerator<string> {
  yield line(columns.map(({ key }) => key));
  for await (const row of rows) {
    yield line(columns.map(({ value }) => value(row) ?? null));
  }
}

function line(cells: readonly (string | number | boolean | null)[]): string {
  return stringify([cells], { escape_formulas: true, cast: { boolean: String } });
}
