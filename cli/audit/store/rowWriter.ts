import type { Untold } from "../records/unreadableList.ts";
import { BesidesCollector } from "./besides.ts";
import type { Engine } from "./engine.ts";
import type { Found, LogFile } from "./normalise.ts";
import { quote, textLiteral } from "./sqlText.ts";
import type { SegmentWriter } from "./store.ts";
import { TableAppender, type Cell, type ColumnType } from "./tableAppender.ts";

/** A log that this program parses itself, where DuckDB parses the audit log. */
export interface RowLog<Column extends string> {
  /** Name of the log in the store. */
  readonly log: string;
  /** The columns of a row, besides `source`, the number of its file. */
  readonly columns: Readonly<Record<Column, ColumnType>>;
  /** The column by which rows are sorted, so that a query for one time finds its rows together. */
  readonly sortedBy: Column;
  readonly read: (file: LogFile) => AsyncIterable<FoundRow<Column>>;
}

/** A row, or what a file has besides rows. */
export type FoundRow<Column extends string> =
  { readonly row: Readonly<Record<Column, Cell>> } | Untold | { readonly otherLog: string };

/** Reads files of a log into Parquet files with one row per record. */
export class RowWriter<Column extends string> implements SegmentWriter {
  readonly log: string;
  readonly #engine: Engine;
  readonly #of: RowLog<Column>;
  readonly #columns: readonly Column[];

  constructor(engine: Engine, of: RowLog<Column>) {
    this.log = of.log;
    this.#engine = engine;
    this.#of = of;
    this.#columns = Object.keys(of.columns) as Column[];
  }

  async write(files: readonly LogFile[], target: string): Promise<Found> {
    return await this.#engine.beside((engine) => this.#write(engine, files, target));
  }

  async #write(engine: Engine, files: readonly LogFile[], target: string): Promise<Found> {
    const { columns, sortedBy, read } = this.#of;
    const types = this.#columns.map((name) => columns[name]);
    const defined = this.#columns.map((name) => `${quote(name)} ${columns[name]}`);
    await engine.run(`CREATE TEMP TABLE written (source INTEGER, ${defined.join(", ")})`);
    const table = await TableAppender.open(engine, "written", ["INTEGER", ...types]);
    const besides = new BesidesCollector();
    let records = 0;
    for (const [source, file] of files.entries()) {
      for await (const found of read(file)) {
        if ("row" in found) {
          table.add([source, ...this.#columns.map((name) => found.row[name])]);
          records += 1;
        } else {
          besides.add(found, file.name);
        }
      }
    }
    table.close();
    const sorted = `FROM written ORDER BY ${quote(sortedBy)}`;
    await engine.run(`COPY (${sorted}) TO ${textLiteral(target)} (FORMAT parquet, COMPRESSION zstd)`);
    return { records, ...besides.found };
  }
}
