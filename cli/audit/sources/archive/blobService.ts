/**
 * Sends requests to a storage account: sign-in, proxy, log. Loads Azure's libraries.
 *
 * A first sync sends a request for each of thousands of small blobs. `@azure/storage-blob` adds half a millisecond of the
 * processor's time to each, a quarter to each entry of a listing, and a quarter of a second to the start.
 */
import { authorizeRequestOnTenantChallenge } from "@azure/core-client";
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  logPolicy,
  proxyPolicy,
  RestError,
  tlsPolicy,
  userAgentPolicy,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { parseXML } from "@azure/core-xml";
import type { TokenCredential } from "@azure/identity";
import * as v from "valibot";

export interface BlobServiceOptions {
  /** Not needed if the URLs have a SAS. */
  readonly credential?: TokenCredential | undefined;
  /** PEM of a certification authority to trust in addition to Node's own. */
  readonly ca?: string | undefined;
}

export interface BlobRequest {
  /** @default "GET" */
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Whether the body of the response is read as a stream. Default: as text. */
  readonly isStreamed?: boolean;
}

/** Sends a request. @throws RestError if there is no response, or its status is not a success. */
export type SendBlobRequest = (url: string, request: BlobRequest) => Promise<PipelineResponse>;

/** Version of the service's REST API. With it, names that XML cannot hold are encoded in listings. */
const apiVersion = "2023-11-03";
/** The scope of a token, the same in every cloud (azure-docs, storage/blobs/authorize-access-azure-active-directory.md). */
const scope = "https://storage.azure.com/.default";
const streamed = new Set([200, 206]);

/** Returns a function that sends requests. There is no redirect policy: the token must not be sent to another host. */
export function blobService({ credential, ca }: BlobServiceOptions): SendBlobRequest {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: "bastion-trail" }));
  if (ca !== undefined) pipeline.addPolicy(tlsPolicy({ ca }));
  if (credential !== undefined) {
    const challengeCallbacks = { authorizeRequestOnChallenge: authorizeRequestOnTenantChallenge };
    const policy = bearerTokenAuthenticationPolicy({ credential, scopes: scope, challengeCallbacks });
    pipeline.addPolicy(policy, { phase: "Sign" });
  }
  pipeline.addPolicy(logPolicy(), { afterPhase: "Sign" });
  const client = createDefaultHttpClient();
  return async (url, { method = "GET", headers, signal, isStreamed = false }) => {
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders({ "x-ms-version": apiVersion, ...headers }),
      abortSignal: signal,
      allowInsecureConnection: true,
      ...(isStreamed && { streamResponseStatusCodes: streamed }),
    });
    const response = await pipeline.sendRequest(client, request);
    if (response.status >= 300) throw await refusalIn(response);
    return response;
  };
}

const refusal = v.object({ Code: v.optional(v.string()), Message: v.optional(v.string()) });

async function refusalIn(response: PipelineResponse): Promise<RestError> {
  const { status: statusCode, headers, bodyAsText, request } = response;
  const body: unknown = await parseXML(bodyAsText ?? "").catch(() => undefined);
  const { Code, Message } = v.is(refusal, body) ? body : {};
  const code = headers.get("x-ms-error-code") ?? Code;
  const message = Message ?? `the response has the status ${statusCode}`;
  return new RestError(message, { statusCode, request, response, ...(code !== undefined && { code }) });
}
