import { fieldNames, fields, sqlType, type AuditRecord } from "../fields.ts";
import type { Engine, SqlValue } from "./engine.ts";
import { createLoaded } from "./recordColumns.ts";
import { TableAppender } from "./tableAppender.ts";

/** Fills the table `loaded` with records, one by one. */
export class RecordLoader {
  readonly #engine: Engine;
  #table: TableAppender | undefined;
  #count = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Number of records added so far. */
  get count(): number {
    return this.#count;
  }

  /** @param source number of the record's file. */
  async add(record: AuditRecord, source: number): Promise<void> {
    this.#table ??= await this.#open();
    this.#table.add([source, ...rowOf(record)]);
    this.#count += 1;
  }

  /** Makes all records visible in the table. */
  async finish(): Promise<void> {
    this.#table ??= await this.#open();
    this.#table.close();
    this.#table = undefined;
  }

  async #open(): Promise<TableAppender> {
    await this.#engine.run(createLoaded);
    return await TableAppender.open(this.#engine, "loaded", ["INTEGER", ...fieldNames.map(sqlType)]);
  }
}

/** Returns a record's facts as they are stored, in the order of `fieldNames`. */
export function rowOf(record: AuditRecord): SqlValue[] {
  return fieldNames.map((name) => {
    const value = record[name];
    switch (fields[name].kind) {
      case "text":
      case "id":
      case "port":
        return value;
      case "duration":
        return value === null ? null : BigInt(value);
      case "time":
        return value === null ? null : BigInt(Date.parse(String(value)));
    }
  });
}
