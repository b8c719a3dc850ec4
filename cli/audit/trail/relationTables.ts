/** The relations as tables of DuckDB. */
import type { DuckDBAppender, DuckDBType } from "@duckdb/node-api";
import type { Engine, SqlValue } from "../store/engine.ts";
import { relations, type ColumnType, type RelationName, type RowOf } from "./relations.ts";

const sqlTypes = { string: "VARCHAR", long: "BIGINT", bool: "BOOLEAN" } as const satisfies Record<ColumnType, string>;

/** Rows that DuckDB takes at once. */
const chunkRows = 2048;

export async function createRelations(engine: Engine): Promise<void> {
  for (const [name, columns] of Object.entries(relations)) {
    const defined = Object.entries(columns).map(([column, type]) => `"${column}" ${sqlTypes[type]} NOT NULL`);
    await engine.run(`CREATE TABLE ${name} (${defined.join(", ")})`);
  }
}

/** Appends rows to a relation. */
export async function fillRelation<Name extends RelationName>(
  engine: Engine,
  name: Name,
  rows: Iterable<RowOf<Name>> | AsyncIterable<RowOf<Name>>,
): Promise<void> {
  const { DuckDBDataChunk, VARCHAR, BIGINT, BOOLEAN } = await import("@duckdb/node-api");
  const types: Record<ColumnType, DuckDBType> = { string: VARCHAR, long: BIGINT, bool: BOOLEAN };
  const columns = Object.entries<ColumnType>(relations[name]);
  const appender: DuckDBAppender = await engine.appender(name);
  let held: (SqlValue | boolean)[][] = [];
  const write = (): void => {
    const chunk = DuckDBDataChunk.create(columns.map(([, type]) => types[type]));
    chunk.setRows(held);
    appender.appendDataChunk(chunk);
    held = [];
  };
  for await (const row of rows) {
    held.push(columns.map(([column, type]) => cellOf(row[column as keyof RowOf<Name>], type)));
    if (held.length === chunkRows) write();
  }
  if (held.length > 0) write();
  appender.closeSync();
}

function cellOf(value: unknown, type: ColumnType): SqlValue | boolean {
  return type === "long" ? BigInt(value as number) : (value as string | boolean);
}
