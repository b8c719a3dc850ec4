/** A table for people, as wide as their terminal. */
import stringWidth from "string-width";
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { formatDuration, formatTime, withTimes } from "../time.ts";
import { fitColumns, type Wanted } from "./fitColumns.ts";
import type { Cell, Column, Rows } from "./rows.ts";
import { paint, type Colour } from "./style.ts";
import { visible } from "@bastion-trail/core/rules/visible";

export interface TableStyle {
  readonly colour: boolean;
  /** Width of a line in cells; `undefined` for no limit, if the table goes to a file or another program. */
  readonly width: number | undefined;
  readonly local: boolean;
  /** Whether rows arrive one by one and are shown at once, so that not all of them can determine the widths. */
  readonly isEndless?: boolean;
}

/** Number of rows held back to determine the column widths. Longer values in later rows are cut or overflow. */
const sampleRows = 500;

/** Cells between two columns. */
const gap = 2;

/** Yields a header line and one line per row. */
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
      layout = new Layout(first, columns, style, false);
      yield layout.top();
    }
  }
  if (layout === undefined) {
    layout = new Layout(first, columns, style, true);
    yield first.length > 0 ? layout.top() : empty === "" ? "" : `${empty}\n`;
  }
  yield first.length === 0 ? "" : layout.bottom();
}

/** The columns of a table with their widths. */
class Layout<Row> {
  readonly #shown: readonly { readonly column: Column<Row>; readonly width: number }[];
  readonly #leftOut: readonly Column<Row>[];
  readonly #first: readonly Row[];
  readonly #style: TableStyle;
  /** Short values that stand for several resources, in lower case, by column. */
  readonly #shared: ReadonlyMap<Column<Row>, ReadonlySet<string>>;

  /** @param isAll whether there are no further rows. */
  constructor(first: readonly Row[], columns: readonly Column<Row>[], style: TableStyle, isAll: boolean) {
    this.#first = first;
    this.#style = style;
    this.#shared = new Map(columns.map((column) => [column, sharedNames(first, column)]));
    const fitted = fitColumns(
      columns.map((column) => this.#wanted(column, isAll)),
      gap,
      style.width,
    );
    this.#shown = fitted.shown;
    this.#leftOut = fitted.leftOut;
  }

  /** The header line and the rows that determined the layout. */
  top(): string {
    const head = this.#line(({ column }) => ({ text: titleOf(column) }));
    return `${paint(head, this.#style.colour ? "bold" : undefined)}\n${this.#first.map((row) => this.line(row)).join("")}`;
  }

  line(row: Row): string {
    const isCut = this.#style.width !== undefined;
    const line = this.#line(({ column, width }) => {
      const text = this.#text(column, row);
      const colour = this.#style.colour ? column.colour?.(row) : undefined;
      return { text: isCut && kindOf(column) !== "text" ? cut(text, width) : text, colour };
    });
    return `${line}\n`;
  }

  /** Names the hidden columns. */
  bottom(): string {
    if (this.#leftOut.length === 0) {
      return "";
    }
    const names = this.#leftOut.map((column) => titleOf(column).toLowerCase()).join(", ");
    return `Hidden columns: ${names}. --json has all.\n`;
  }

  #wanted(column: Column<Row>, isAll: boolean): Wanted<Column<Row>> {
    const { isEndless = false } = this.#style;
    const { type = "text" } = column;
    const texts = this.#first.map((row) => this.#text(column, row));
    const kind = kindOf(column);
    const title = stringWidth(titleOf(column));
    // A message may overflow the last column, so it takes no room from the others.
    const longest = type === "message" ? 0 : Math.max(0, ...texts.map(textWidth));
    const width = Math.max(title, isEndless ? usualWidth(column, this.#style) : 0, longest);
    const leasts = {
      id: distinctLength(texts) + 1,
      prose: leastProse,
      text: leastText,
      message: title,
      time: width,
      duration: width,
      number: width,
    };
    return {
      column,
      width,
      kind,
      least: Math.min(width, Math.max(title, leasts[type])),
      isEmpty: isAll && texts.every((text) => text === absent),
    };
  }

  /** Aligns each cell to its column. A text that overflows its column moves later cells only as far as necessary. */
  #line(
    cellOf: (shown: { column: Column<Row>; width: number }) => { text: string; colour?: Colour | undefined },
  ): string {
    let line = "";
    let cells = 0;
    let start = 0;
    for (const shown of this.#shown) {
      const { text, colour } = cellOf(shown);
      const wide = textWidth(text);
      const place = isNumeric(shown.column) ? start + shown.width - wide : start;
      const space = Math.max(line === "" ? 0 : gap, place - cells);
      line += " ".repeat(space) + paint(text, colour);
      cells += space + wide;
      start += shown.width + gap;
    }
    return line;
  }

  #text(column: Column<Row>, row: Row): string {
    const short = column.short?.(row);
    const isShared = this.#shared.get(column)?.has(String(short).toLowerCase()) === true;
    const value = isShared ? inGroup(column.value(row), short) : (short ?? column.value(row));
    return shown(value, column.type, this.#style.local);
  }
}

/** Returns the short values of a column, in lower case, that stand for resources with different ARM ids. */
function sharedNames<Row>(rows: readonly Row[], { short, value }: Column<Row>): ReadonlySet<string> {
  const ids = new Map<string, string>();
  const shared = new Set<string>();
  for (const row of short === undefined ? [] : rows) {
    const [name, id] = [short?.(row), value(row)];
    if (typeof name !== "string" || typeof id !== "string" || !id.startsWith("/")) continue;
    const key = name.toLowerCase();
    const first = ids.get(key) ?? id.toLowerCase();
    ids.set(key, first);
    if (first !== id.toLowerCase()) shared.add(key);
  }
  return shared;
}

/** `GROUP/NAME`, if the value is the ARM id of a resource in a group. */
function inGroup(value: Cell, name: Cell): Cell {
  const group = typeof value === "string" ? parseResourceId(value)?.resourceGroupName : undefined;
  return group === undefined ? value : `${group}/${String(name)}`;
}

/** Minimum width of prose after cutting, in cells. */
const leastProse = 12;
/** Minimum width to which texts are aligned, in cells. */
const leastText = 8;
/** Minimum number of characters of an id. */
const leastId = 8;

/** Typical width of a column's values in cells. */
function usualWidth<Row>({ type = "text", usual }: Column<Row>, { local }: TableStyle): number {
  const byType = {
    time: formatTime(new Date(0), { local }).length,
    duration: formatDuration(3600).length,
    number: 5,
    id: 36,
    text: 12,
    prose: 24,
    message: 0,
  };
  return usual ?? byType[type];
}

function kindOf<Row>({ type }: Column<Row>): "text" | "prose" | "id" {
  return type === "prose" || type === "id" ? type : "text";
}

/** Number of characters that distinguish these ids, ignoring case. */
function distinctLength(ids: readonly string[]): number {
  const sorted = [...new Set(ids.map((id) => id.toLowerCase()))].sort();
  const common = sorted.slice(1).map((id, index) => commonLength(id, sorted[index] ?? ""));
  return Math.max(leastId, ...common.map((length) => length + 1));
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/** Text of a missing value in a table. */
const absent = "-";

function shown(value: Cell, type: Column<never>["type"], local: boolean): string {
  if (value === null || value === undefined || value === "") return absent;
  if (type === "time" && typeof value === "string") return formatTime(visible(value), { local });
  if (type === "duration" && typeof value === "number") return formatDuration(value);
  if (type === "message") return withTimes(visible(String(value)), { local });
  return visible(String(value));
}

function titleOf<Row>({ key, title }: Column<Row>): string {
  return title ?? key.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toUpperCase();
}

function isNumeric<Row>({ type }: Column<Row>): boolean {
  return type === "number" || type === "duration";
}

function textWidth(text: string): number {
  return isPlain.test(text) ? text.length : stringWidth(text);
}

const isPlain = /^[\x20-\x7e]*$/;

const segmenter = new Intl.Segmenter();

/** The text, or its beginning and an ellipsis. */
function cut(text: string, width: number): string {
  if (textWidth(text) <= width) {
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
