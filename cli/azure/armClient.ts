/** A client for Azure Resource Manager, with its pages and long-running operations. Loads Azure's libraries. */
import { randomUUID } from "node:crypto";
import { createHttpPoller, type OperationResponse, type OperationState } from "@azure/core-lro";
import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineRequest,
  type PipelineResponse,
  type SendRequest,
} from "@azure/core-rest-pipeline";
import {
  failedOperation,
  nameOf,
  noAnswer,
  noList,
  notJson,
  pageIn,
  redirected,
  refusal,
  type ArmAnswer,
  type ArmRequest,
  type RawAnswer,
} from "./armAnswer.ts";
import { armPipeline } from "./armPipeline.ts";
import { azureTime } from "./azureTime.ts";
import type { Cloud } from "./cloud.ts";
import type { AzureCredential } from "./credential.ts";
import { AzureFailure } from "./failure.ts";
import { jsonValue } from "../jsonValue.ts";

export interface ArmClientOptions {
  readonly cloud: Cloud;
  readonly credential: AzureCredential;
  readonly signal?: AbortSignal;
  /** Maximum number of attempts per request. @default 6 */
  readonly attempts?: number;
  /** How long to wait for a long-running operation, in milliseconds. @default 600000 */
  readonly operationTimeoutMs?: number;
  /** How long Azure may take for one response, in milliseconds. @default 300000 */
  readonly silenceMs?: number;
  /** Time between two polls of an operation if Azure states none, in milliseconds. @default 1000 */
  readonly pollIntervalMs?: number;
}

export class ArmClient {
  readonly cloud: Cloud;
  readonly #credential: AzureCredential;
  readonly #signal: AbortSignal | undefined;
  readonly #operationTimeoutMs: number;
  readonly #pollIntervalMs: number;
  readonly #silenceMs: number;
  readonly #pipeline: SendRequest;
  /** The requests that must not be carried out twice. */
  readonly #once = new WeakSet<PipelineRequest>();
  /** How far Azure's clock is ahead of the local clock, in milliseconds. */
  #aheadMs = 0;

  constructor(options: ArmClientOptions) {
    const { cloud, credential, attempts } = options;
    this.cloud = cloud;
    this.#credential = credential;
    this.#signal = options.signal;
    this.#operationTimeoutMs = options.operationTimeoutMs ?? 600_000;
    this.#pollIntervalMs = options.pollIntervalMs ?? 1000;
    this.#silenceMs = options.silenceMs ?? 300_000;
    this.#pipeline = armPipeline({
      credential,
      silenceMs: this.#silenceMs,
      scope: cloud.armScope,
      attempts,
      isOnce: (request) => request !== undefined && this.#once.has(request),
      now: () => this.now(),
      onDate: (date) => (this.#aheadMs = azureTime(date, this.#aheadMs)),
    });
  }

  /**
   * Returns the current time by Azure's clock, from its last response: a JIT request ends by that clock, and the local clock
   * may be wrong. Before the first response, returns the local time.
   */
  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }

  /** Returns an access token for Azure Resource Manager. @throws AzureFailure if not signed in. */
  async token(): Promise<string> {
    // The same options as the bearer policy's, so that both share one token.
    return (await this.#credential.getToken(this.cloud.armScope, { enableCae: true })).token;
  }

  /** @throws ArmError with Azure's own message. */
  async get(path: string, apiVersion: string): Promise<unknown> {
    return (await this.#exchange({ method: "GET", path, apiVersion })).body;
  }

  /** Yields all items of a paged list. @throws ArmError */
  async *list(path: string, apiVersion: string): AsyncGenerator {
    const request = { method: "GET", path, apiVersion } as const;
    yield* this.#pages(request, (await this.#exchange(request)).body);
  }

  /** Yields all items that an action returns in pages, after its long-running operation if there is one. @throws ArmError */
  async *listOf(request: ArmRequest): AsyncGenerator {
    yield* this.#pages(request, (await this.send(request)).body);
  }

  /**
   * Sends a request and waits for the operation that it starts.
   * @throws ArmError if Azure refuses, even during the operation. @throws AzureFailure if Azure does not respond.
   */
  async send(request: ArmRequest): Promise<ArmAnswer> {
    const deadline = AbortSignal.timeout(this.#operationTimeoutMs);
    const signal = this.#signal === undefined ? deadline : AbortSignal.any([deadline, this.#signal]);
    const first = await this.#exchange(request);
    const poller = createHttpPoller<RawAnswer, OperationState<RawAnswer>>(
      {
        sendInitialRequest: () => Promise.resolve(operationResponse(request, first)),
        sendPollRequest: async (path) => {
          const poll = { method: "GET", path } as const;
          return operationResponse(poll, await this.#exchange(poll, signal));
        },
      },
      { intervalInMs: this.#pollIntervalMs, resolveOnUnsuccessful: true },
    );
    try {
      const last = await poller.pollUntilDone({ abortSignal: signal });
      if (poller.operationState?.status !== "succeeded") throw failedOperation(request, last.body);
      return { ...last, correlationId: first.correlationId };
    } catch (error) {
      this.#signal?.throwIfAborted();
      if (!deadline.aborted) throw error;
      throw new AzureFailure(`${nameOf(request)} is still running.`, "Look for its end in the activity log.");
    }
  }

  async *#pages(request: ArmRequest, first: unknown): AsyncGenerator {
    const seen = new Set<string>();
    for (let page: unknown = first ?? null; page !== undefined;) {
      const { value, nextLink } = pageIn(request, page);
      yield* value;
      if (seen.has(nextLink)) {
        throw new AzureFailure(`${nameOf(request)} was answered with the same page twice.`, "Try again later.");
      }
      seen.add(nextLink);
      page = nextLink === "" ? undefined : await this.#nextPage(request, nextLink);
    }
  }

  async #nextPage(request: ArmRequest, nextLink: string): Promise<unknown> {
    if (!nextLink.startsWith("/") && !URL.canParse(nextLink)) throw noList(request);
    // An empty answer is not the end of a list.
    return (await this.#exchange({ method: "GET", path: nextLink })).body ?? null;
  }

  /** Sends one request. @throws ArmError @throws AzureFailure if there is no response. */
  async #exchange(request: ArmRequest, signal = this.#signal): Promise<RawAnswer> {
    const { method, body, correlationId = randomUUID() } = request;
    const sent = createPipelineRequest({
      method,
      url: this.#urlOf(request).href,
      headers: createHttpHeaders({
        Accept: "application/json",
        "x-ms-correlation-request-id": correlationId,
        ...(body !== undefined && { "Content-Type": "application/json" }),
      }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { abortSignal: signal }),
    });
    if (request.once === true) this.#once.add(sent);
    let response: PipelineResponse;
    try {
      response = await this.#pipeline(sent);
    } catch (error) {
      signal?.throwIfAborted();
      throw noAnswer(request, error, this.#silenceMs) ?? error;
    }
    const answer: RawAnswer = {
      status: response.status,
      headers: response.headers,
      body: jsonValue(response.bodyAsText ?? ""),
      correlationId: response.headers.get("x-ms-correlation-request-id") ?? correlationId,
    };
    if (answer.status >= 400) throw refusal(request, answer, this.now());
    if (answer.status >= 300) throw redirected(request, answer);
    if (answer.body === undefined && (response.bodyAsText ?? "") !== "") throw notJson(request);
    return answer;
  }

  #urlOf({ path, apiVersion }: ArmRequest): URL {
    const { resourceManager } = this.cloud;
    const url = new URL(path.startsWith("/") ? `${resourceManager}${path}` : path);
    const own = new URL(resourceManager);
    if (own.protocol !== "https:") {
      throw new AzureFailure(
        `Azure Resource Manager must be an https address; it is ${resourceManager}.`,
        "Check the endpoint of the cloud.",
      );
    }
    if (url.protocol !== own.protocol || (url.host !== own.host && !url.host.endsWith(`.${own.host}`))) {
      throw new AzureFailure(`Azure Resource Manager points to ${url.host}, which is not its own host.`);
    }
    if (apiVersion !== undefined) {
      url.searchParams.set("api-version", apiVersion);
    }
    return url;
  }
}

function operationResponse({ method, path }: ArmRequest, answer: RawAnswer): OperationResponse<RawAnswer> {
  const { status, headers, body } = answer;
  const request = { method, url: path };
  return { flatResponse: answer, rawResponse: { statusCode: status, headers: headers.toJSON(), body, request } };
}
