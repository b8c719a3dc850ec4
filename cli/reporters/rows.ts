/** Rows of a result, and the columns in which a table and CSV show them. */
import type { Colour } from "./style.ts";

export type Cell = string | number | boolean | null | undefined;

export interface Column<Row> {
  /** Head of the column in CSV; in a table too, in upper case and with spaces, unless there is a `title`. */
  readonly key: string;
  readonly title?: string;
  /**
   * What the value is, which says how a table shows it where there is little room. `text`: a name, an address or a word, never cut,
   * because what is cut tells nobody and nothing apart. `prose`: words, cut at the end. `id`: its first characters, as many as tell the
   * rows apart; every command takes them for the id. `message`: what became of something, in the last column, never cut. `time`: an ISO 8601 time. `duration`: seconds. CSV always has the value as it
   * is. Default: `text`.
   */
  readonly type?: "text" | "prose" | "message" | "id" | "time" | "duration" | "number";
  readonly value: (row: Row) => Cell;
  /** What a table shows instead of the value, e.g. the name instead of the whole ARM id. */
  readonly short?: (row: Row) => Cell;
  readonly colour?: (row: Row) => Colour | undefined;
  /** Cells that its values usually take; a table that is followed keeps them free. Default: what the type takes, for texts 12. */
  readonly usual?: number;
  /**
   * Left out when the terminal is too narrow, the highest number first; before those, a column without any value. Default: never. Who,
   * which VM, when and why come first and stay.
   */
  readonly leaveOut?: number;
}

export type Rows<Row> = Iterable<Row> | AsyncIterable<Row>;

/** One member of the JSON document: rows are streamed as an array, a function is called when its turn comes. */
export type JsonMember = Rows<unknown> | (() => unknown);
