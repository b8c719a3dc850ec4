import type { LogsTable } from "@azure/monitor-query-logs";
import type { TimeRange } from "../../kql/auditRecords.ts";

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
}

/** What one query answered: all of its rows, or why they are not all, and how many they are. */
export type QueryAnswer =
  | { readonly complete: true; readonly table: LogsTable | undefined }
  | { readonly complete: false; readonly error: unknown; readonly rows: number };

/** Runs one query. */
export type RunQuery = (kql: string, range: TimeRange) => Promise<QueryAnswer>;

const publicEndpoint = "https://api.loganalytics.io";

/** Opens the query service. The SDK is loaded here, so that nobody else pays for it. */
export async function openWorkspace(options: WorkspaceOptions): Promise<RunQuery> {
  const { endpoint = publicEndpoint, customerId, credential, signal, serverTimeoutSeconds = 180 } = options;
  const [{ LogsQueryClient, LogsQueryResultStatus }, { azureRetryPolicy }] = await Promise.all([
    import("@azure/monitor-query-logs"),
    import("../../../azure/retryPolicy.ts"),
  ]);
  const base = endpoint.replace(/\/+$/, "");
  const client = new LogsQueryClient(credential, {
    endpoint: `${base}/v1`,
    credentials: { scopes: [`${base}/.default`] },
    retryOptions: { maxRetries: 0 },
  });
  client.pipeline.addPolicy(azureRetryPolicy({ attempts: options.attempts }), { phase: "Retry" });
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
    const timespan = { startTime: start, endTime: end };
    const result = await client.queryWorkspace(customerId, kql, timespan, {
      serverTimeoutInSeconds: serverTimeoutSeconds,
    });
    return result.status === LogsQueryResultStatus.Success
      ? { complete: true, table: result.tables[0] }
      : {
          complete: false,
          error: errorIn(lastAnswer) ?? result.partialError,
          rows: result.partialTables[0]?.rows.length ?? 0,
        };
  };
}

/** The error of an answer's body. */
function errorIn(body: string | null | undefined): unknown {
  const parsed: unknown = JSON.parse(body ?? "null");
  return typeof parsed === "object" && parsed !== null && "error" in parsed ? parsed.error : undefined;
}
