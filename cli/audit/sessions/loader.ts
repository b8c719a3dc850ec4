import type { DuckDBAppender, DuckDBType } from "@duckdb/node-api";
import { fields, sqlType, type AuditRecord } from "../fields.ts";
import type { Engine, SqlValue } from "./engine.ts";
import { recordFacts } from "./facts.sql.ts";

/** Rows that DuckDB takes at once. */
const chunkRows = 2048;

/** Hands records over to the fold one by one. */
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

  async add(record: AuditRecord): Promise<void> {
    this.#rows.push(rowOf(record));
    this.#count += 1;
    if (this.#rows.length === chunkRows) {
      await this.#write();
    }
  }

  /** Makes all records visible to the fold. */
  async finish(): Promise<void> {
    if (this.#rows.length > 0) {
      await this.#write();
    }
    this.#appender?.closeSync();
    this.#appender = undefined;
  }

  async #write(): Promise<void> {
    const { DuckDBDataChunk, BIGINT, INTEGER, VARCHAR } = await import("@duckdb/node-api");
    this.#appender ??= await this.#engine.appender("loaded");
    const types: Record<string, DuckDBType> = { BIGINT, INTEGER, VARCHAR };
    const chunk = DuckDBDataChunk.create(recordFacts.map((name) => types[sqlType(name)] ?? VARCHAR));
    chunk.setRows(this.#rows);
    this.#appender.appendDataChunk(chunk);
    this.#rows = [];
  }
}

/** In the order of `recordFacts`. */
function rowOf(record: AuditRecord): SqlValue[] {
  return recordFacts.map((name) => {
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
