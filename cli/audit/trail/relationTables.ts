/** The relations as tables of DuckDB, in the schema `whole`: the join itself reads a part of them at a time. */
import type { DuckDBAppender, DuckDBType } from "@duckdb/node-api";
import type { Engine, SqlValue } from "../store/engine.ts";
import { relations, type ColumnType, type RelationName, type RowOf } from "./relations.ts";

const sqlTypes = { string: "VARCHAR", long: "BIGINT", bool: "BOOLEAN" } as const satisfies Record<ColumnType, string>;

/** Rows that DuckDB takes at once. */
const chunkRows = 2048;

export const wholeSchema = "whole";

/** Creates empty tables. @param views queries that give relations, in the place of tables. */
export async function createRelations(
  engine: Engine,
  views: Partial<Readonly<Record<RelationName, string>>> = {},
): Promise<void> {
  await engine.run(`CREATE SCHEMA ${wholeSchema}`);
  for (const name of Object.keys(relations) as RelationName[]) {
    const view = views[name];
    const defined = Object.entries(relations[name]).map(([column, type]) => `"${column}" ${sqlTypes[type]} NOT NULL`);
    await engine.run(
      view === undefined
        ? `CREATE TABLE ${wholeSchema}.${name} (${defined.join(", ")})`
        : `CREATE VIEW ${wholeSchema}.${name} AS ${view}`,
    );
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
  const appender: DuckDBAppender = await engine.appender(name, wholeSchema);
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
