import type { LogsQueryClient, LogsQueryResult, LogsTable } from "@azure/monitor-query-logs";
import { setTimeout as wait } from "node:timers/promises";
import type { TimeRange } from "../../kql/auditRecords.ts";
import { readError } from "./errors.ts";

/** A source of Entra access tokens; `TokenCredential` of `@azure/core-auth` is one. */
export interface TokenSource {
  getToken(
    scopes: string | string[],
    options?: object,
  ): Promise<{ token: string; expiresOnTimestamp: number; refreshAfterTimestamp?: number } | null>;
}

/** Which workspace to ask, and how. */
export interface WorkspaceOptions {
  /**
   * The Log Analytics query service, without `/v1`; also the audience of its tokens (`logAnalyticsResourceId` in the cloud's
   * metadata). Default: the public cloud's, `https://api.loganalytics.io`.
   */
  readonly endpoint?: string;
  /** The workspace's customer id, a GUID; not its ARM id. */
  readonly customerId: string;
  readonly credential: TokenSource;
  readonly signal?: AbortSignal;
  /** How long the service may work on one query, in seconds: at most 600. @default 180 */
  readonly serverTimeoutSeconds?: number;
  /** How often a query is sent before its error counts, throttling included. @default 6 */
  readonly attempts?: number;
  /** Waits between two attempts; for tests. */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
}

/** What one query answered: all of its rows, or why they are not all, and how many they are. */
export type QueryAnswer =
  | { readonly complete: true; readonly table: LogsTable | undefined }
  | { readonly complete: false; readonly error: unknown; readonly rows: number };

/** Runs one query. */
export type RunQuery = (kql: string, range: TimeRange) => Promise<QueryAnswer>;

const publicEndpoint = "https://api.loganalytics.io";

/** Longest pause between two attempts, in milliseconds; a longer `Retry-After` is obeyed all the same. */
const longestPause = 30_000;

/** Opens the query service. The SDK is loaded here, so that nobody else pays for it. */
export async function openWorkspace(options: WorkspaceOptions): Promise<RunQuery> {
  const { endpoint = publicEndpoint, customerId, credential, signal, serverTimeoutSeconds = 180 } = options;
  const { LogsQueryClient, LogsQueryResultStatus } = await import("@azure/monitor-query-logs");
  const base = endpoint.replace(/\/+$/, "");
  const client = new LogsQueryClient(credential, {
    endpoint: `${base}/v1`,
    credentials: { scopes: [`${base}/.default`] },
    // The SDK retries a 429 only where it has `Retry-After`, which this service does not always send; see `withRetries`.
    retryOptions: { maxRetries: 0 },
  });
  // The SDK takes neither an abort signal (it drops the option) nor the inner errors of a partial result, which alone say
  // what is wrong. Its pipeline has both. Queries run one after the other, so the last answer is the one that is asked about.
  let lastAnswer: string | null | undefined;
  client.pipeline.addPolicy({
    name: "bastionTrailQuery",
    async sendRequest(request, next) {
      if (signal !== undefined) request.abortSignal = signal;
      const response = await next(request);
      lastAnswer = response.bodyAsText;
      return response;
    },
  });
  return async (kql, { start, end }) => {
    const result = await withRetries(options, () => send(client, kql, { startTime: start, endTime: end }));
    return result.status === LogsQueryResultStatus.Success
      ? { complete: true, table: result.tables[0] }
      : {
          complete: false,
          error: errorIn(lastAnswer) ?? result.partialError,
          rows: result.partialTables[0]?.rows.length ?? 0,
        };
  };

  function send(
    logs: LogsQueryClient,
    kql: string,
    timespan: { startTime: Date; endTime: Date },
  ): Promise<LogsQueryResult> {
    return logs.queryWorkspace(customerId, kql, timespan, { serverTimeoutInSeconds: serverTimeoutSeconds });
  }
}

/** The error of an answer's body. */
function errorIn(body: string | null | undefined): unknown {
  const parsed: unknown = JSON.parse(body ?? "null");
  return typeof parsed === "object" && parsed !== null && "error" in parsed ? parsed.error : undefined;
}

/** Repeats what fails for the moment: throttling (429), a time-out (408) and errors of the service or the network. */
async function withRetries<T>(
  { attempts = 6, sleep = pause, signal }: WorkspaceOptions,
  send: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      signal?.throwIfAborted();
      const { status, code, retryAfter } = readError(error);
      if (attempt >= attempts || !isPassing(status, code)) throw error;
      const backOff = Math.min(longestPause, 1000 * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
      await sleep(Math.max(backOff, retryAfter === undefined ? 0 : delayOf(retryAfter)), signal);
    }
  }
}

/** A connection that was there, or a name server that is busy. What refuses a connection will refuse the next one. */
const brokenConnection = ["ECONNRESET", "ETIMEDOUT", "EPIPE", "EAI_AGAIN", "REQUEST_SEND_ERROR"];

function isPassing(status: number | undefined, code: string | undefined): boolean {
  if (status === undefined) return brokenConnection.includes(code ?? "");
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** `Retry-After` as milliseconds (RFC 9110, 10.2.3: seconds or a date). */
function delayOf(retryAfter: string): number {
  const seconds = Number(retryAfter);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0;
}

async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, signal === undefined ? {} : { signal });
}
