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
  /** Called with the `Date` header of every response. */
  readonly onDate: (date: string | undefined) => void;
}

/**
 * Returns a function that sends a request with a bearer token, and repeats it if that can help. There is no redirect policy,
 * because the token must not be sent to another host.
 */
export function armPipeline({ credential, scope, onDate, ...retries }: ArmPipelineOptions): SendRequest {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(decompressResponsePolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: "bastion-trail" }));
  pipeline.addPolicy(azureRetryPolicy(retries), { phase: "Retry" });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }), { phase: "Sign" });
  pipeline.addPolicy(dates(onDate), { afterPhase: "Sign" });
  pipeline.addPolicy(logPolicy(), { afterPhase: "Sign" });
  const client = createDefaultHttpClient();
  return (request) => pipeline.sendRequest(client, request);
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
