import type { Json, JsonObject } from "../arm/json.ts";
import { invalidBody } from "./apiErrors.ts";
import type { QueryEngines, WorkspaceResult } from "./engines.ts";
import { tablesOf } from "./tables.ts";
import { parseTimespan } from "./timespan.ts";

export interface QueryRequest {
  /** The sandbox's folder. */
  readonly directory: string;
  readonly customerId: string;
  readonly query: string;
  readonly timespan: string | undefined;
  readonly now: Date;
  /** Timeout of the query in seconds. */
  readonly seconds: number;
  readonly statistics: boolean;
  /** A lower limit than the service's own. */
  readonly rowLimit: number | undefined;
}

/** The service's limits for one response (azure-monitor-docs, service-limits.md, "Log queries and language"). */
const mostRows = 500_000;
const mostBytes = 104_857_600;

/** Runs a query over the workspace's rows. @returns the body of the response. */
export async function runQuery(engines: QueryEngines, request: QueryRequest): Promise<JsonObject> {
  const { directory, customerId, timespan, now, seconds } = request;
  const bounds = parseTimespan(timespan, now);
  if (bounds === undefined)
    throw invalidBody(`"timespan" is "${timespan ?? ""}", which is not an ISO 8601 duration or interval`);
  const tables = await tablesOf(directory, customerId);
  const { columns, ...result } = await engines.run({
    query: request.query,
    tables,
    from: secondsOf(bounds.from),
    to: secondsOf(bounds.to),
    seconds,
  });
  const dynamic = columns.flatMap(({ type }, index) => (type === "dynamic" ? [index] : []));
  const rows = result.rows.map((row) => withTexts(row, dynamic));
  const { kept, error } = truncate(rows, request.rowLimit ?? mostRows);
  return {
    tables: [{ name: "PrimaryResult", columns: [...columns], rows: kept }],
    ...(request.statistics ? { statistics: statisticsOf(result, kept) } : {}),
    ...(error === undefined ? {} : { error }),
  };
}

/** The service returns a dynamic value as JSON text. */
function withTexts(row: readonly Json[], dynamic: readonly number[]): Json[] {
  return row.map((cell, index) =>
    dynamic.includes(index) && cell !== null && typeof cell !== "string" ? JSON.stringify(cell) : cell,
  );
}

/** Removes rows beyond the limits; the response then contains an error, with HTTP status 200. */
function truncate(rows: Json[][], limit: number): { kept: Json[][]; error: JsonObject | undefined } {
  let bytes = 0;
  const tooMany = rows.findIndex((row, index) => index >= limit || (bytes += JSON.stringify(row).length) > mostBytes);
  if (tooMany === -1) return { kept: rows, error: undefined };
  const what = tooMany >= limit ? `set limit of ${limit} records` : `set data size limit of ${mostBytes} bytes`;
  return { kept: rows.slice(0, tooMany), error: partialError(what) };
}

/** In the form of azure-sdk-for-python#25137, with Kusto's own code for a result that is too large. */
function partialError(limit: string): JsonObject {
  return {
    code: "PartialError",
    message: "There were some errors when processing your query.",
    details: [
      {
        code: "EngineError",
        message: "Something went wrong processing your query on the server.",
        innererror: {
          code: "-2133196797",
          message: `The results of this query exceed the ${limit}, so not all records were returned (E_QUERY_RESULT_SET_TOO_LARGE).`,
          severity: 2,
          severityName: "Error",
        },
      },
    ],
  };
}

function statisticsOf({ elapsed }: Pick<WorkspaceResult, "elapsed">, rows: readonly Json[][]): JsonObject {
  const tableSize = rows.reduce((sum, row) => sum + JSON.stringify(row).length, 0);
  return {
    query: { executionTime: elapsed, datasetStatistics: [{ tableRowCount: rows.length, tableSize }] },
  };
}

function secondsOf(date: Date | null): number | null {
  return date === null ? null : date.getTime() / 1000;
}
