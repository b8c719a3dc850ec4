import type { DuckDBAppender, DuckDBType } from "@duckdb/node-api";
import { fieldNames, fields, sqlType, type AuditRecord } from "../fields.ts";
import type { Engine, SqlValue } from "./engine.ts";
import { createLoaded } from "./recordColumns.ts";

/** Rows that DuckDB takes at once. */
const chunkRows = 2048;

/** Fills the table `loaded` with records that come one by one. */
export class RecordLoader {
  readonly #engine: Engine;
  #appender: DuckDBAppender | undefined;
  #rows: SqlValue[][] = [];
  #count = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Records handed over so far. */
  get count(): number {
    return this.#count;
  }

  /** @param source number of the file that it is in. */
  async add(record: AuditRecord, source: number): Promise<void> {
    this.#rows.push([source, ...rowOf(record)]);
    this.#count += 1;
    if (this.#rows.length === chunkRows) {
      await this.#write();
    }
  }

  /** Makes all records visible in the table. */
  async finish(): Promise<void> {
    if (this.#rows.length > 0) {
      await this.#write();
    }
    if (this.#appender === undefined) {
      await this.#engine.run(createLoaded);
    }
    this.#appender?.closeSync();
    this.#appender = undefined;
  }

  async #write(): Promise<void> {
    const { DuckDBDataChunk, BIGINT, INTEGER, VARCHAR } = await import("@duckdb/node-api");
    this.#appender ??= await this.#open();
    const types: Record<string, DuckDBType> = { BIGINT, INTEGER, VARCHAR };
    const chunk = DuckDBDataChunk.create([INTEGER, ...fieldNames.map((name) => types[sqlType(name)] ?? VARCHAR)]);
    chunk.setRows(this.#rows);
    this.#appender.appendDataChunk(chunk);
    this.#rows = [];
  }

  async #open(): Promise<DuckDBAppender> {
    await this.#engine.run(createLoaded);
    return this.#engine.appender("loaded");
  }
}

/** A record's facts as they are stored, in the order of `fieldNames`. */
export function rowOf(record: AuditRecord): SqlValue[] {
  return fieldNames.map((name) => {
    const value = record[name];
    switch (fields[name].kind) {
      case "text":
      case "port":
        return value;
      case "duration":
        return value === null ? null : BigInt(value);
      case "time":
        return value === null ? null : BigInt(Date.parse(String(value)));
    }
  });
}
