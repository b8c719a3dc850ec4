/** Rows of a result, and their columns in a table and in CSV. */
import type { Colour } from "./style.ts";

export type Cell = string | number | boolean | null | undefined;

export interface Column<Row> {
  /** Header in CSV, and in a table in upper case with spaces, unless there is a `title`. */
  readonly key: string;
  readonly title?: string;
  /**
   * Type of the value, which determines how a table shortens it. `text`: a name, an address or a word, never cut,
   * because a cut one identifies nothing. `prose`: words, cut at the end. `id`: the first characters, as many as
   * distinguish the rows; every command accepts them for the id. `message`: an outcome, in the last column, never cut.
   * `time`: an ISO 8601 time. `duration`: seconds. CSV always has the value unchanged. Default: `text`.
   */
  readonly type?: "text" | "prose" | "message" | "id" | "time" | "duration" | "number";
  readonly value: (row: Row) => Cell;
  /** Value shown in a table instead, e.g. a name instead of the ARM id. */
  readonly short?: (row: Row) => Cell;
  readonly colour?: (row: Row) => Colour | undefined;
  /** Typical width of its values in cells, which a followed table reserves. Default: by type, for texts 12. */
  readonly usual?: number;
  /**
   * Order in which columns are hidden if the terminal is too narrow, the highest number first; columns without any
   * value are hidden before. Default: never. Person, VM, time and reason come first and stay.
   */
  readonly leaveOut?: number;
}

export type Rows<Row> = Iterable<Row> | AsyncIterable<Row>;

/** A member of the JSON document. Rows are streamed as an array; a function is called when its member is written. */
export type JsonMember = Rows<unknown> | (() => unknown);
