/** A Markdown table, for the job summary of a CI run. */
import { formatDuration, formatTime } from "../time.ts";
import type { Cell, Column, Rows } from "./rows.ts";
import { visible } from "@bastion-trail/core/rules/visible";

/** Yields a header line and one line per row. @param empty the text without rows, as a sentence. */
export async function* markdownText<Row>(
  rows: Rows<Row>,
  columns: readonly Column<Row>[],
  empty: string,
): AsyncGenerator<string> {
  let isFirst = true;
  for await (const row of rows) {
    if (isFirst) yield `${line(columns.map(titleOf))}${line(columns.map(() => "---"))}`;
    isFirst = false;
    yield line(columns.map((column) => cellOf(column, row)));
  }
  if (isFirst) yield `${empty}\n`;
}

function titleOf<Row>({ key, title }: Column<Row>): string {
  const words = title ?? key.replaceAll(/[A-Z]/g, (letter) => ` ${letter}`);
  const sentence = words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
  return sentence.replaceAll(/\b(?:vm|ip)\b/gi, (initials) => initials.toUpperCase());
}

function cellOf<Row>({ type, value, short }: Column<Row>, row: Row): string {
  const cell = (short ?? value)(row);
  if (cell === null || cell === undefined) return "";
  if (type === "time") return formatTime(String(cell));
  if (type === "duration") return formatDuration(Number(cell));
  return escaped(cell);
}

/** Escapes a cell. Other people choose values in logs, so none may become markup, a link, a mention or a cell boundary. */
function escaped(cell: NonNullable<Cell>): string {
  return visible(String(cell))
    .replaceAll(/[\\`*_{}[\]()#+!|~<>&@:/]|(?<=www)\./gi, (sign) => `&#${sign.charCodeAt(0)};`)
    .replaceAll(/&#(?:35|64);/g, `$&${nothing}`)
    .replaceAll(/\s+/g, " ");
}

/**
 * GitHub finds addresses, mentions and issues in the text of the rendered page, where no escape is left. A comment
 * divides that text and shows nothing (cmark-gfm #181).
 */
const nothing = "<!-- -->";

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}
