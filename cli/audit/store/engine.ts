import type {
  DuckDBAppender,
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBResult,
  DuckDBValue,
} from "@duckdb/node-api";
import { temporaryFolder } from "../../files/temporaryFolder.ts";

export type SqlValue = string | number | bigint | null;
/** Values of a statement's `$name` parameters. */
export type SqlValues = Readonly<Record<string, SqlValue>>;

export interface Engine {
  /** A folder for this engine's files, for its owner only; removed with the engine. */
  readonly folder: string;
  run(sql: string, values?: SqlValues): Promise<void>;
  /** Returns all rows of a small result. */
  rows(sql: string, values?: SqlValues): Promise<SqlValue[][]>;
  /** Yields the texts of a result of any size, in chunks. @param sql has one column, of texts that are not null. */
  texts(sql: string): AsyncGenerator<string[]>;
  appender(table: string, schema?: string): Promise<DuckDBAppender>;
  /**
   * Opens another connection to the same database for `use`, so that two queries run at once. Temporary tables are a connection's
   * own.
   */
  beside<Value>(use: (engine: Engine) => Promise<Value>): Promise<Value>;
  close(): void;
}

/**
 * Opens an embedded in-memory DuckDB. Data that exceeds its memory limit spills to a folder that only this user can read, which
 * is removed with the engine.
 * @param memoryLimitMb for tables, hash tables and sorts; the process needs some more.
 */
export async function openEngine(memoryLimitMb: number): Promise<Engine> {
  // Loading the library takes longer than most commands run, so it is loaded only here.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const spill = temporaryFolder();
  try {
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: `${memoryLimitMb}MB`,
      temp_directory: spill.path,
      preserve_insertion_order: "false",
      // Everything needed is built in; nothing may be downloaded.
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    return await connectionTo(instance, spill.path, () => {
      instance.closeSync();
      spill.remove();
    });
  } catch (error) {
    spill.remove();
    throw error;
  }
}

/** @param afterClose called once the connection is closed. */
async function connectionTo(
  instance: DuckDBInstance,
  folder: string,
  afterClose: () => void = () => undefined,
): Promise<Engine> {
  const connection = await instance.connect();
  return {
    folder,
    run: async (sql, values) => {
      await connection.run(sql, ...given(values));
    },
    rows: async (sql, values) => (await connection.runAndReadAll(sql, ...given(values))).getRows() as SqlValue[][],
    texts: (sql) => chunks(connection, sql),
    appender: (table, schema) => connection.createAppender(table, schema),
    beside: async (use) => {
      const engine = await connectionTo(instance, folder);
      try {
        return await use(engine);
      } finally {
        engine.close();
      }
    },
    close() {
      connection.closeSync();
      afterClose();
    },
  };
}

async function* chunks(connection: DuckDBConnection, sql: string): AsyncGenerator<string[]> {
  const result: DuckDBResult = await connection.stream(sql);
  // DuckDB fetches the next chunk while the caller is busy with this one. If that fails, the caller gets the error with the
  // next chunk.
  const fetch = (): Promise<DuckDBDataChunk | null> => {
    const chunk = result.fetchChunk();
    chunk.catch(() => undefined);
    return chunk;
  };
  let next = fetch();
  try {
    for (let chunk = await next; chunk !== null && chunk.rowCount > 0; chunk = await next) {
      next = fetch();
      yield chunk.getColumnValues(0) as string[];
    }
  } finally {
    // A connection cannot be closed while a fetch is running.
    await next.catch(() => undefined);
  }
}

function given(values: SqlValues | undefined): [] | [Record<string, DuckDBValue>] {
  return values === undefined || Object.keys(values).length === 0 ? [] : [values];
}

/** Returns whether a query failed because it needs more memory than the engine may use. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Out of Memory Error");
}

/** @returns `undefined` if something in a file ends DuckDB's scan with an error. */
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
