import type { TokenCredential } from "@azure/identity";
import type { LogsTable } from "@azure/monitor-query-logs";
import { publicCloud } from "@bastion-trail/core/links/clouds";
import { jsonValue } from "../../../jsonValue.ts";
import type { QueryRange } from "../../kql/auditRecords.ts";
import { foreignAnswer } from "./errors.ts";

/** The workspace to query, and how. */
export interface WorkspaceOptions {
  /**
   * URL of the Log Analytics query service, without `/v1`; also the audience of its tokens (`logAnalyticsResourceId` in the
   * cloud's metadata). Default: the public cloud's.
   */
  readonly endpoint?: string;
  /** The workspace's customer id, a GUID; not its ARM id. */
  readonly customerId: string;
  readonly credential: TokenCredential;
  readonly signal?: AbortSignal;
  /** How often a query is sent before its error is thrown, including throttling. @default 6 */
  readonly attempts?: number;
}

/** The result of one query: all rows, or the error of an incomplete result and the number of rows it has. */
export type QueryAnswer =
  | { readonly complete: true; readonly table: LogsTable | undefined }
  | { readonly complete: false; readonly error: unknown; readonly rows: number };

/** Runs one query. */
export type RunQuery = (kql: string, range: QueryRange) => Promise<QueryAnswer>;

/** How long the service may work on one query: at most 600. */
const serverTimeoutInSeconds = 180;

/** Opens the query service. The SDK is loaded here, so that other commands start without it. */
export async function openWorkspace(options: WorkspaceOptions): Promise<RunQuery> {
  const { endpoint = publicCloud.logAnalytics, customerId, credential, signal } = options;
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
  // The SDK drops the abort signal, and the inner errors of a partial result, which alone name the reason. Its pipeline has
  // both. Queries run one after the other, so the last response belongs to the current query.
  let lastAnswer: string | null | undefined;
  client.pipeline.addPolicy({
    name: "bastionTrailQuery",
    async sendRequest(request, next) {
      if (signal !== undefined) request.abortSignal = signal;
      const response = await next(request);
      lastAnswer = response.bodyAsText;
      const foreign = foreignAnswer(response, customerId);
      if (foreign !== undefined) throw foreign;
      return response;
    },
  });
  return async (kql, { start, end }) => {
    const timespan = { startTime: start, endTime: end };
    const result = await client.queryWorkspace(customerId, kql, timespan, { serverTimeoutInSeconds });
    return result.status === LogsQueryResultStatus.Success
      ? { complete: true, table: result.tables[0] }
      : {
          complete: false,
          error: errorIn(lastAnswer) ?? result.partialError,
          rows: result.partialTables[0]?.rows.length ?? 0,
        };
  };
}

/** Returns the error in a response body. */
function errorIn(body: string | null | undefined): unknown {
  const parsed = jsonValue(body ?? "");
  return typeof parsed === "object" && parsed !== null && "error" in parsed ? parsed.error : undefined;
}
