import type { LogsTable } from "@azure/monitor-query-logs";
import type { Page, TimeRange } from "../../kql/auditRecords.ts";
import { chainOf, WorkspaceQueryError } from "./errors.ts";
import type { RunQuery } from "./logsClient.ts";

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

export interface PagedQuery {
  /** Where rows may be. */
  readonly range: TimeRange;
  /** The query of one page. It orders by `TimeGenerated`, oldest first, and projects that column. */
  readonly kql: (page: Page) => string;
  /** Rows of a page to begin with. */
  readonly pageRows: number;
  /** The workspace, for messages. */
  readonly customerId: string;
}

/**
 * A page may not grow beyond this. The service answers at most 500,000 rows and 100 MB (azure-monitor-docs, service-limits,
 * "Log queries and language"), and a partial result after that.
 */
const mostRows = 400_000;

/**
 * All rows of a query, one page after the other, so that neither the service's limits nor this process's memory count.
 *
 * Rows have no key of their own. A full page may have cut the rows of its last millisecond in two, so these are left to the
 * next page, which begins with that millisecond; nothing is read twice and nothing is left out. A page within one single
 * millisecond is too small and is asked for again, twice as long. A page that the service answers only in part is too large and
 * is asked for again, no longer than that part and at most half as long. Each such answer narrows the sizes that are left, so
 * that a service which never answers a page in full ends the read.
 *
 * @throws WorkspaceQueryError PartialError where no size of a page is left, or the service has another reason.
 */
export async function* readPages(run: RunQuery, query: PagedQuery): AsyncGenerator<Row> {
  let { start } = query.range;
  let rows = query.pageRows;
  /** Sizes that the page at `start` cannot have: `tooSmall` and less, `tooLarge` and more. */
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

/** The rows of a table by the names of its columns. */
export function* rowsOf({ columnDescriptors, rows }: LogsTable): Generator<Row> {
  const names = columnDescriptors.map(({ name }) => name);
  for (const row of rows) {
    yield Object.fromEntries(names.map((name, index) => [name, row[index]]));
  }
}

/** `TimeGenerated` in milliseconds, which is as far as the SDK's dates go; the service has ticks of 100 ns. */
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

/** The error to show for an answer that is not complete. */
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
