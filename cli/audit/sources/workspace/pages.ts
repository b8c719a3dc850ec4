import type { LogsTable } from "@azure/monitor-query-logs";
import type { Page, QueryRange } from "../../kql/auditRecords.ts";
import { chainOf, WorkspaceQueryError } from "./errors.ts";
import type { RunQuery } from "./logsClient.ts";

/** A row, keyed by column name. */
export type Row = Readonly<Record<string, unknown>>;

export interface PagedQuery {
  /** The time range of the rows. */
  readonly range: QueryRange;
  /** Returns the query of one page. It must order by `TimeGenerated`, oldest first, and project that column. */
  readonly kql: (page: Page) => string;
  /** Number of rows in the first page. */
  readonly pageRows: number;
  /** The workspace, for messages. */
  readonly customerId: string;
}

/**
 * Maximum number of rows in a page. The service returns at most 500,000 rows and 100 MB (azure-monitor-docs, service-limits,
 * "Log queries and language"), and a partial result beyond that.
 */
const mostRows = 400_000;

/**
 * Yields all rows of a query, page by page, so that neither the service's limits nor this process's memory limit the result.
 *
 * Rows have no key of their own. A full page may have cut the rows of its last millisecond in two, so these are left to the
 * next page, which starts at that millisecond. Nothing is read twice and nothing is lost. A page within a single millisecond is
 * too small and is requested again, twice as long. A page that the service returns only in part is too large and is requested
 * again, no longer than that part and at most half as long. Each of these responses narrows the possible sizes, so the read
 * ends even if the service never returns a complete page.
 *
 * @throws WorkspaceQueryError PartialError if no page size is left, or if the service gives another reason.
 */
export async function* readPages(run: RunQuery, query: PagedQuery): AsyncGenerator<Row> {
  let { start } = query.range;
  let rows = query.pageRows;
  /** Sizes that the page at `start` cannot have: at most `tooSmall`, or at least `tooLarge`. */
  let tooSmall = 0;
  let tooLarge = mostRows + 1;
  let refusal: unknown;
  for (;;) {
    const answer = await run(query.kql({ start, rows }), query.range);
    if (!answer.complete) {
      refusal = answer.error;
      tooLarge = rows;
      rows = Math.max(tooSmall + 1, Math.min(Math.floor(rows / 2), answer.rows));
      if (rows >= tooLarge || !isTooLarge(refusal)) throw partialError(refusal, query.customerId);
      continue;
    }
    const page = answer.table === undefined ? [] : [...rowsOf(answer.table)];
    if (page.length < rows) {
      yield* page;
      return;
    }
    const last = timeOf(page.at(-1));
    const whole = page.filter((row) => timeOf(row) < last);
    if (whole.length === 0) {
      tooSmall = rows;
      rows = Math.min(rows * 2, tooLarge - 1);
      if (rows > tooSmall) continue;
      throw refusal === undefined
        ? tooDense(last, tooSmall, query.customerId)
        : partialError(refusal, query.customerId);
    }
    yield* whole;
    start = new Date(last);
    tooSmall = 0;
  }
}

/**
 * Returns the rows of a query whose result is small.
 * @throws WorkspaceQueryError PartialError if the service returns only a part; whatever `run` throws.
 */
export async function wholeAnswer(
  run: RunQuery,
  kql: string,
  { range, customerId }: Pick<PagedQuery, "range" | "customerId">,
): Promise<Row[]> {
  const answer = await run(kql, range);
  if (!answer.complete) throw partialError(answer.error, customerId);
  return answer.table === undefined ? [] : [...rowsOf(answer.table)];
}

/** Yields the rows of a table, keyed by column name. */
function* rowsOf({ columnDescriptors, rows }: LogsTable): Generator<Row> {
  const names = columnDescriptors.map(({ name }) => name);
  for (const row of rows) {
    yield Object.fromEntries(names.map((name, index) => [name, row[index]]));
  }
}

/** Returns `TimeGenerated` in milliseconds, the precision of the SDK's dates; the service has ticks of 100 ns. */
function timeOf(row: Row | undefined): number {
  const time = row?.TimeGenerated;
  if (!(time instanceof Date) || Number.isNaN(time.getTime())) {
    throw new Error("A page's query must project TimeGenerated.");
  }
  return time.getTime();
}

function isTooLarge(error: unknown): boolean {
  return chainOf(error).some(
    ({ code, message }) =>
      code === "-2133196797" || /E_QUERY_RESULT_SET_TOO_LARGE|ResponsePayloadTooLarge/.test(`${code} ${message}`),
  );
}

/** Returns the error to show for an incomplete result. */
export function partialError(error: unknown, customerId: string): WorkspaceQueryError {
  const chain = chainOf(error);
  const reason = (chain.at(-1)?.message ?? "it gives no reason").trim().replace(/\.$/, "");
  return new WorkspaceQueryError(`The workspace ${customerId} answers only a part of the records: ${reason}.`, {
    code: chain[0]?.code ?? "PartialError",
    nextStep: "Try again later or with a shorter time range, or read the archive instead.",
  });
}

function tooDense(time: number, rows: number, customerId: string): WorkspaceQueryError {
  return new WorkspaceQueryError(
    `The workspace ${customerId} has ${rows} or more records at ${new Date(time).toISOString()}, more than can be read at once.`,
    { code: "TooManyRows", nextStep: "Read the archive instead." },
  );
}
