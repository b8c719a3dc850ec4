import type { DuckDBAppender, DuckDBType } from "@duckdb/node-api";
import type { Engine } from "./engine.ts";

/** Column types, in SQL and in DuckDB's library. */
export type ColumnType = "BIGINT" | "BOOLEAN" | "INTEGER" | "VARCHAR";
export type Cell = string | number | bigint | boolean | null;

/** Rows that DuckDB processes at once. */
const chunkRows = 2048;

/** Appends rows to a table, in chunks. */
export class TableAppender {
  readonly #append: (rows: Cell[][]) => void;
  readonly #appender: DuckDBAppender;
  #rows: Cell[][] = [];

  private constructor(append: (rows: Cell[][]) => void, appender: DuckDBAppender) {
    this.#append = append;
    this.#appender = appender;
  }

  /**
   * Opens an appender.
   * @param table must exist, with columns of these types.
   * @param schema Default: the engine's own.
   */
  static async open(
    engine: Engine,
    table: string,
    columns: readonly ColumnType[],
    schema?: string,
  ): Promise<TableAppender> {
    const { DuckDBDataChunk, BIGINT, BOOLEAN, INTEGER, VARCHAR } = await import("@duckdb/node-api");
    const types = columns.map((type): DuckDBType => ({ BIGINT, BOOLEAN, INTEGER, VARCHAR })[type]);
    const appender = await engine.appender(table, schema);
    const append = (rows: Cell[][]): void => {
      const chunk = DuckDBDataChunk.create(types);
      chunk.setRows(rows);
      appender.appendDataChunk(chunk);
    };
    return new TableAppender(append, appender);
  }

  /** @param row one cell per column. */
  add(row: Cell[]): void {
    this.#rows.push(row);
    if (this.#rows.length === chunkRows) this.#flush();
  }

  /** Makes all rows visible in the table. */
  close(): void {
    if (this.#rows.length > 0) this.#flush();
    this.#appender.closeSync();
  }

  #flush(): void {
    this.#append(this.#rows);
    this.#rows = [];
  }
}
