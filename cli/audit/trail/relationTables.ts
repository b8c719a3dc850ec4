/** The relations as DuckDB tables in the schema `whole`; the join reads one part of them at a time. */
import type { Engine } from "../store/engine.ts";
import { type Cell, TableAppender } from "../store/tableAppender.ts";
import { relations, type ColumnType, type RelationName, type RowOf } from "./relations.ts";

/** DuckDB type of each column type. */
export const columnTypes = { string: "VARCHAR", long: "BIGINT", bool: "BOOLEAN" } as const satisfies Record<
  ColumnType,
  string
>;

export const wholeSchema = "whole";

/** Creates empty tables. @param views queries for relations that become views instead of tables. */
export async function createRelations(
  engine: Engine,
  views: Partial<Readonly<Record<RelationName, string>>> = {},
): Promise<void> {
  await engine.run(`CREATE SCHEMA ${wholeSchema}`);
  for (const name of Object.keys(relations) as RelationName[]) {
    const view = views[name];
    const defined = Object.entries(relations[name]).map(
      ([column, type]) => `"${column}" ${columnTypes[type]} NOT NULL`,
    );
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
  const columns = Object.entries<ColumnType>(relations[name]);
  const types = columns.map(([, type]) => columnTypes[type]);
  const table = await TableAppender.open(engine, name, types, wholeSchema);
  for await (const row of rows) {
    table.add(columns.map(([column, type]) => cellOf(row[column as keyof RowOf<Name>], type)));
  }
  table.close();
}

function cellOf(value: unknown, type: ColumnType): Cell {
  return type === "long" ? BigInt(value as number) : (value as string | boolean);
}
