/** A table for people, as wide as their terminal. */
import stringWidth from "string-width";
import { formatDuration, formatTime } from "../time.ts";
import { fitColumns } from "./fitColumns.ts";
import type { Cell, Column, Rows } from "./report.ts";
import { paint } from "./style.ts";
import { visible } from "./visible.ts";

export interface TableStyle {
  readonly colour: boolean;
  /** Cells of a line; `undefined` where nothing is to be cut, because the table goes to a file or another program. */
  readonly width: number | undefined;
  readonly local: boolean;
  /** Rows come one by one and are shown at once, so that the columns' widths cannot rest on all of them. */
  readonly isEndless?: boolean;
}

/** Rows that are looked at, and held until then, to find the columns' widths. Longer values in later ones are cut or stick out. */
const sampleRows = 500;

const gap = "  ";

/** A head line and one line for each row. */
export async function* tableText<Row>(
  rows: Rows<Row>,
  columns: readonly Column<Row>[],
  style: TableStyle,
  empty: string,
): AsyncGenerator<string> {
  let layout: Layout<Row> | undefined;
  const first: Row[] = [];
  for await (const row of rows) {
    if (layout !== undefined) {
      yield layout.line(row);
    } else if (first.push(row) === (style.isEndless === true ? 1 : sampleRows)) {
      layout = new Layout(first, columns, style);
      yield layout.top();
    }
  }
  if (layout === undefined) {
    layout = new Layout(first, columns, style);
    yield first.length > 0 ? layout.top() : empty === "" ? "" : `${empty}\n`;
  }
  yield first.length === 0 ? "" : layout.bottom();
}

/** The columns of one table and how wide they are. */
class Layout<Row> {
  readonly #shown: readonly { readonly column: Column<Row>; readonly width: number }[];
  readonly #leftOut: readonly Column<Row>[];
  readonly #first: readonly Row[];
  readonly #style: TableStyle;

  constructor(first: readonly Row[], columns: readonly Column<Row>[], style: TableStyle) {
    this.#first = first;
    this.#style = style;
    const wanted = columns.map((column) => ({
      column,
      width: Math.max(
        stringWidth(titleOf(column)),
        style.isEndless === true ? usualWidth(column, style) : 0,
        ...first.map((row) => stringWidth(this.#text(column, row))),
      ),
      least: isWhole(column) ? undefined : leastWidth,
    }));
    const fitted = fitColumns(wanted, gap.length, style.width);
    this.#shown = fitted.shown;
    this.#leftOut = fitted.leftOut;
  }

  /** The head line and the rows that the layout was made from. */
  top(): string {
    const titles = this.#shown.map(({ column, width }) => pad(cut(titleOf(column), width), width, isNumeric(column)));
    const head = titles.join(gap).trimEnd();
    return `${paint(head, this.#style.colour ? "bold" : undefined)}\n${this.#first.map((row) => this.line(row)).join("")}`;
  }

  line(row: Row): string {
    const cells = this.#shown.map(({ column, width }, index) => {
      const text = cut(this.#text(column, row), isWhole(column) || this.#style.width === undefined ? Infinity : width);
      const isLast = index === this.#shown.length - 1;
      const colour = this.#style.colour ? column.colour?.(row) : undefined;
      const padded = isLast && !isNumeric(column) ? text : pad(text, width, isNumeric(column));
      return colour === undefined ? padded : padded.replace(text, () => paint(text, colour));
    });
    return `${cells.join(gap)}\n`;
  }

  /** What the terminal had no place for. */
  bottom(): string {
    if (this.#leftOut.length === 0) {
      return "";
    }
    const names = this.#leftOut.map((column) => titleOf(column).toLowerCase()).join(", ");
    return `Hidden columns: ${names}. --json has all.\n`;
  }

  #text(column: Column<Row>, row: Row): string {
    return shown(column.short?.(row) ?? column.value(row), column.type, this.#style.local);
  }
}

/** Cells that a column keeps at least. */
const leastWidth = 8;

/** Cells that a column's values usually take. */
function usualWidth<Row>({ type = "text", usual }: Column<Row>, { local }: TableStyle): number {
  const byType = {
    time: formatTime(new Date(0), { local }).length,
    duration: formatDuration(3600).length,
    number: 5,
    text: 12,
  };
  return usual ?? byType[type];
}

function shown(value: Cell, type: Column<never>["type"], local: boolean): string {
  if (value === null || value === undefined || value === "") return "-";
  if (type === "time" && typeof value === "string") return formatTime(visible(value), { local });
  if (type === "duration" && typeof value === "number") return formatDuration(value);
  return visible(String(value));
}

function titleOf<Row>({ key, title }: Column<Row>): string {
  return title ?? key.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toUpperCase();
}

function isNumeric<Row>({ type }: Column<Row>): boolean {
  return type === "number" || type === "duration";
}

function isWhole<Row>({ whole, type = "text" }: Column<Row>): boolean {
  return whole ?? type !== "text";
}

function pad(text: string, width: number, toTheRight: boolean): string {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)));
  return toTheRight ? space + text : text + space;
}

const segmenter = new Intl.Segmenter();

/** The text, or its start and an ellipsis. */
function cut(text: string, width: number): string {
  if (text.length <= width && /^[\x20-\x7e]*$/.test(text)) {
    return text;
  }
  if (stringWidth(text) <= width) {
    return text;
  }
  let start = "";
  for (const { segment } of segmenter.segment(text)) {
    if (stringWidth(start + segment) > width - 1) {
      break;
    }
    start += segment;
  }
  return `${start}…`;
}
