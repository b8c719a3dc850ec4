/** The engines that run workspace queries: chDB, and duckdb-kql for queries that chDB cannot run. */
import type { Json } from "../arm/json.ts";
import { resolveColumnIfExists } from "./columnIfExists.ts";
import { QueryEngine, type EngineQuery } from "./engine.ts";
import { duckdbKqlProgram, findDuckdbKql, findPython } from "./python.ts";
import { engineTable, kustoTable, resultType, type WorkspaceTable } from "./tables.ts";
import { tokensOf } from "./tokens.ts";

export interface WorkspaceQuery extends Pick<EngineQuery, "query" | "from" | "to" | "seconds"> {
  readonly tables: readonly WorkspaceTable[];
}

export interface WorkspaceResult {
  /** Columns with Kusto's types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Json[])[];
  /** Elapsed time in seconds. */
  readonly elapsed: number;
}

/**
 * Maximum number of joins for chDB. It inserts the text of a `let` wherever the name is used, so the time to plan a
 * query grows exponentially with its joins.
 */
const mostJoins = 5;

export class QueryEngines {
  readonly #chdb: QueryEngine;
  readonly #duckdbKql: QueryEngine;

  /** @param directory the sandbox's folder. */
  constructor(
    directory: string,
    chdb: () => Promise<string | undefined> = findPython,
    duckdbKql: () => Promise<string | undefined> = findDuckdbKql,
  ) {
    this.#chdb = new QueryEngine(directory, chdb);
    this.#duckdbKql = new QueryEngine(directory, duckdbKql, duckdbKqlProgram);
  }

  /**
   * Runs a query. A query that chDB cannot plan is run by duckdb-kql, if Microsoft's own parser accepts it.
   * @throws EngineError if the query is wrong, EngineMissing if there is no engine for it.
   */
  async run({ query, tables, ...limits }: WorkspaceQuery): Promise<WorkspaceResult> {
    const schemas = Object.fromEntries(tables.map(({ name, schema }) => [name, schema]));
    const asked = { query: resolveColumnIfExists(query, schemas), ...limits };
    if (joinsIn(query) > mostJoins) {
      const { refusalOf } = await import("./kustoParser.ts");
      const refusal = refusalOf(query, schemas);
      if (refusal !== undefined) throw refusal;
      const { columns, ...result } = await this.#duckdbKql.run({ ...asked, tables: tables.map(kustoTable) });
      return { ...result, columns: columns.map(([name, type]) => ({ name, type })) };
    }
    const { columns, ...result } = await this.#chdb.run({ ...asked, tables: tables.map(engineTable) });
    return { ...result, columns: columns.map(([name, type]) => ({ name, type: resultType(name, type, tables) })) };
  }

  async close(): Promise<void> {
    await Promise.all([this.#chdb.close(), this.#duckdbKql.close()]);
  }
}

function joinsIn(query: string): number {
  return tokensOf(query).filter(({ kind, text }) => kind === "name" && text === "join").length;
}
