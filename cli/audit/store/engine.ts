import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk, DuckDBResult, DuckDBValue } from "@duckdb/node-api";

export type SqlValue = string | number | bigint | null;
/** Values of a statement's `$name` parameters. */
export type SqlValues = Readonly<Record<string, SqlValue>>;

export interface Engine {
  /** A folder for this engine's files: its owner's alone, and gone with it. */
  readonly folder: string;
  run(sql: string, values?: SqlValues): Promise<void>;
  /** All rows of a small result. */
  rows(sql: string, values?: SqlValues): Promise<SqlValue[][]>;
  /** The rows of a result of any size, a chunk at a time. */
  stream(sql: string, values?: SqlValues): AsyncGenerator<SqlValue[][]>;
  appender(table: string, schema?: string): Promise<DuckDBAppender>;
  close(): void;
}

/**
 * Opens an embedded DuckDB in memory. What does not fit into its memory goes to a folder that only this user can read and that
 * is gone with the engine.
 * @param memoryLimitMb for tables, hash tables and sorts; the process takes some more.
 */
export async function openEngine(memoryLimitMb: number): Promise<Engine> {
  // Loading the library takes longer than most commands: only who folds pays for it.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const spill = await mkdtemp(join(tmpdir(), "bastion-trail-"));
  const removeSpill = (): void => {
    rmSync(spill, { recursive: true, force: true });
  };
  process.once("exit", removeSpill);
  try {
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: `${memoryLimitMb}MB`,
      temp_directory: spill,
      preserve_insertion_order: "false",
      // All that is used is built in; nothing may be downloaded.
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const connection = await instance.connect();
    return {
      folder: spill,
      run: async (sql, values) => {
        await connection.run(sql, ...given(values));
      },
      rows: async (sql, values) => (await connection.runAndReadAll(sql, ...given(values))).getRows() as SqlValue[][],
      stream: (sql, values) => chunks(connection, sql, values),
      appender: (table, schema) => connection.createAppender(table, schema),
      close() {
        connection.closeSync();
        instance.closeSync();
        process.removeListener("exit", removeSpill);
        removeSpill();
      },
    };
  } catch (error) {
    process.removeListener("exit", removeSpill);
    removeSpill();
    throw error;
  }
}

async function* chunks(
  connection: DuckDBConnection,
  sql: string,
  values: SqlValues | undefined,
): AsyncGenerator<SqlValue[][]> {
  const result: DuckDBResult = await connection.stream(sql, ...given(values));
  // DuckDB works on the next chunk while the reader is busy with this one. Should that fail, the reader learns it when it asks.
  const fetch = (): Promise<DuckDBDataChunk | null> => {
    const chunk = result.fetchChunk();
    chunk.catch(() => undefined);
    return chunk;
  };
  let next = fetch();
  try {
    for (let chunk = await next; chunk !== null && chunk.rowCount > 0; chunk = await next) {
      next = fetch();
      yield chunk.getRows() as SqlValue[][];
    }
  } finally {
    // A connection cannot be closed while it works.
    await next.catch(() => undefined);
  }
}

function given(values: SqlValues | undefined): [] | [Record<string, DuckDBValue>] {
  return values === undefined || Object.keys(values).length === 0 ? [] : [values];
}

/** @returns `undefined` where a file has something that ends DuckDB's scan. */
export async function unlessUnreadable<Value>(scan: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await scan();
  } catch (error) {
    if (
      error instanceof Error &&
      /^(?:Invalid Input|Conversion|IO|Permission|Out of Memory) Error/.test(error.message)
    ) {
      return undefined;
    }
    throw error;
  }
}
