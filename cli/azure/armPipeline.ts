/** Sends requests to Azure Resource Manager: sign-in, retries, proxy, log. Loads Azure's libraries. */
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  decompressResponsePolicy,
  logPolicy,
  proxyPolicy,
  userAgentPolicy,
  type PipelinePolicy,
  type SendRequest,
} from "@azure/core-rest-pipeline";
import type { AzureCredential } from "./credential.ts";
import { azureRetryPolicy, type RetryPolicyOptions } from "./retryPolicy.ts";

export interface ArmPipelineOptions extends RetryPolicyOptions {
  readonly credential: AzureCredential;
  readonly scope: string;
  /** How long Azure may take for one response, in milliseconds. */
  readonly silenceMs: number;
  /** Called with the `Date` header of every response. */
  readonly onDate: (date: string | undefined) => void;
}

/**
 * Returns a function that sends a request with a bearer token, and repeats it if that can help. There is no redirect policy,
 * because the token must not be sent to another host.
 */
export function armPipeline({ credential, scope, silenceMs, onDate, ...retries }: ArmPipelineOptions): SendRequest {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(decompressResponsePolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: "bastion-trail" }));
  pipeline.addPolicy(azureRetryPolicy(retries), { phase: "Retry" });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }), { phase: "Sign" });
  pipeline.addPolicy(dates(onDate), { afterPhase: "Sign" });
  pipeline.addPolicy(logPolicy(), { afterPhase: "Sign" });
  pipeline.addPolicy(limit(silenceMs), { afterPhase: "Sign" });
  const client = createDefaultHttpClient();
  return (request) => pipeline.sendRequest(client, request);
}

/**
 * Ends a request, with a `TimeoutError`, whose response does not arrive or stops halfway. The client's own `timeout` ends with the first byte of
 * a response, and after a broken connection its timer would keep the process alive.
 */
function limit(ms: number): PipelinePolicy {
  return {
    name: "limit",
    async sendRequest(request, next) {
      const { abortSignal } = request;
      const silence = AbortSignal.timeout(ms);
      request.abortSignal =
        abortSignal === undefined ? silence : AbortSignal.any([abortSignal as AbortSignal, silence]);
      try {
        return await next(request);
      } catch (error) {
        if (abortSignal?.aborted !== true) silence.throwIfAborted();
        throw error;
      } finally {
        // The request is sent again by the retry policy.
        if (abortSignal === undefined) delete request.abortSignal;
        else request.abortSignal = abortSignal;
      }
    },
  };
}

function dates(onDate: (date: string | undefined) => void): PipelinePolicy {
  return {
    name: "dates",
    async sendRequest(request, next) {
      const response = await next(request);
      onDate(response.headers.get("Date"));
      return response;
    },
  };
}
