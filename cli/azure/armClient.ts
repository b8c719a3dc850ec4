/** Calls Azure Resource Manager: sign-in, retries, pages, long-running operations, Azure's errors. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { azureTime } from "./azureTime.ts";
import type { Cloud } from "./cloud.ts";
import { Tokens, type TokenCredential } from "./credential.ts";
import { AzureFailure, ArmError } from "./failure.ts";
import { retryDelay } from "./retries.ts";

export interface ArmRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/subscriptions/...`, or a whole URL of the same cloud. */
  readonly path: string;
  /** Not with a URL that has one. */
  readonly apiVersion?: string;
  readonly body?: unknown;
  /** Ties the events of the activity log together. Default: a new one. */
  readonly correlationId?: string;
}

export interface ArmAnswer {
  readonly status: number;
  /** The JSON; `undefined` where the answer has none. */
  readonly body: unknown;
  /** What the activity log has as `correlationId`. */
  readonly correlationId: string | undefined;
}

export interface ArmClientOptions {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  readonly signal?: AbortSignal;
  /** How often a request is sent at most. Default: 6. */
  readonly attempts?: number;
  /** How long a long-running operation is waited for, in milliseconds. Default: 10 minutes. */
  readonly operationTimeoutMs?: number;
}

interface RawAnswer extends ArmAnswer {
  readonly headers: Headers;
}

/** Statuses after which the same request may succeed: all calls here can be sent twice without doing more than once. */
const retried = [408, 429, 500, 502, 503, 504];

export class ArmClient {
  readonly cloud: Cloud;
  readonly #tokens: Tokens;
  readonly #signal: AbortSignal | undefined;
  readonly #attempts: number;
  readonly #operationTimeoutMs: number;
  /** How far Azure's clock is ahead of this machine's, in milliseconds. */
  #aheadMs = 0;

  constructor({ cloud, credential, signal, attempts = 6, operationTimeoutMs = 600_000 }: ArmClientOptions) {
    this.cloud = cloud;
    this.#tokens = new Tokens(credential, cloud.armScope);
    this.#signal = signal;
    this.#attempts = attempts;
    this.#operationTimeoutMs = operationTimeoutMs;
  }

  /**
   * The present by Azure's clock, as its last answer told: the end of a JIT request is a moment of that clock, and a
   * machine's own clock may be wrong. Before the first answer it is this machine's.
   */
  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }

  /** Access token for Azure Resource Manager. @throws AzureFailure when nobody is signed in. */
  token(): Promise<string> {
    return this.#tokens.get();
  }

  /** @throws ArmError with Azure's own words. */
  get(path: string, apiVersion: string): Promise<unknown> {
    return this.send({ method: "GET", path, apiVersion }).then(({ body }) => body);
  }

  /** Everything that a paged list holds. @throws ArmError */
  async *list(path: string, apiVersion: string): AsyncGenerator {
    yield* this.#pages(await this.get(path, apiVersion));
  }

  /** Everything that an action answers in pages, after its long-running operation, if it is one. @throws ArmError */
  async *listOf(request: ArmRequest): AsyncGenerator {
    yield* this.#pages((await this.send(request)).body);
  }

  /**
   * Sends a request and waits for the end of the operation that it starts.
   * @throws ArmError when Azure refuses, also in the course of the operation. @throws AzureFailure when it does not answer.
   */
  async send(request: ArmRequest): Promise<ArmAnswer> {
    const first = await this.#sendOnce(request);
    const status = first.headers.get("Azure-AsyncOperation");
    const location = first.headers.get("Location");
    const goesOn = status !== null || (first.status === 202 && location !== null);
    const result = !goesOn ? first : await this.#finished(request, { status, location }, first);
    return { ...result, correlationId: first.correlationId };
  }

  async *#pages(first: unknown): AsyncGenerator {
    for (let page = first; page !== undefined;) {
      const { value, nextLink } = page as { value?: unknown; nextLink?: unknown };
      yield* Array.isArray(value) ? value : [];
      page =
        typeof nextLink === "string" && nextLink !== ""
          ? (await this.#sendOnce({ method: "GET", path: nextLink })).body
          : undefined;
    }
  }

  /** Polls (azure-resource-manager, "Track asynchronous Azure operations"). */
  async #finished(
    request: ArmRequest,
    { status, location }: { status: string | null; location: string | null },
    first: RawAnswer,
  ): Promise<ArmAnswer> {
    const giveUpAt = Date.now() + this.#operationTimeoutMs;
    for (let last = first, wait = 0; ; wait = Math.min(wait + 1000, 10_000)) {
      await this.#pause(secondsToMs(last.headers.get("Retry-After")) ?? wait);
      if (Date.now() > giveUpAt) {
        throw new AzureFailure(`Azure did not end ${nameOf(request)} in time.`, "Look at the activity log.");
      }
      last = await this.#sendOnce({ method: "GET", path: status ?? location ?? "" });
      if (status === null) {
        if (last.status !== 202) return last;
        continue;
      }
      const { status: state, error } = last.body as { status?: unknown; error?: { code?: string; message?: string } };
      if (state === "Succeeded") {
        if (location === null)
          return request.method === "PUT" ? await this.#sendOnce({ ...request, method: "GET" }) : last;
        return this.#sendOnce({ method: "GET", path: location });
      }
      if (state === "Failed" || state === "Canceled") {
        const { code = state, message = `${nameOf(request)} failed.` } = error ?? {};
        throw new ArmError({ status: 200, code, message });
      }
    }
  }

  /** One request, sent again where that can help. */
  async #sendOnce(request: ArmRequest): Promise<RawAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#fetch(request).catch((error: unknown) => {
        this.#signal?.throwIfAborted();
        if (error instanceof AzureFailure || attempt >= this.#attempts) throw error;
        return undefined;
      });
      if (answer !== undefined && answer.status < 400) {
        return answer;
      }
      const delay = retryDelay(attempt, answer?.headers, this.now());
      const again = answer === undefined || (retried.includes(answer.status) && attempt < this.#attempts);
      if (!again || delay === undefined) {
        throw refusal(answer, request);
      }
      await this.#pause(delay);
    }
  }

  async #fetch(request: ArmRequest): Promise<RawAnswer> {
    const { method, body, correlationId = randomUUID() } = request;
    const url = this.#urlOf(request);
    const headers = {
      Authorization: `Bearer ${await this.#tokens.get()}`,
      Accept: "application/json",
      "User-Agent": "bastion-trail",
      "x-ms-correlation-request-id": correlationId,
      ...(body !== undefined && { "Content-Type": "application/json" }),
    };
    const sent = {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // The token must not follow to another host.
      redirect: "manual",
      ...(this.#signal && { signal: this.#signal }),
    } as const;
    const answer = await fetch(url, sent);
    const text = await answer.text();
    this.#aheadMs = azureTime(answer.headers.get("Date"), this.#aheadMs);
    return {
      status: answer.status,
      headers: answer.headers,
      body: parsed(text),
      correlationId: answer.headers.get("x-ms-correlation-request-id") ?? correlationId,
    };
  }

  #urlOf({ path, apiVersion }: ArmRequest): URL {
    const { resourceManager } = this.cloud;
    const url = new URL(path.startsWith("/") ? `${resourceManager}${path}` : path);
    const own = new URL(resourceManager);
    if (url.protocol !== own.protocol || (url.host !== own.host && !url.host.endsWith(`.${own.host}`))) {
      throw new AzureFailure(`Azure Resource Manager points to ${url.host}, which is not its own host.`);
    }
    if (apiVersion !== undefined) {
      url.searchParams.set("api-version", apiVersion);
    }
    return url;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, this.#signal && { signal: this.#signal });
  }
}

function refusal(answer: RawAnswer | undefined, request: ArmRequest): AzureFailure {
  if (answer === undefined) {
    return new AzureFailure(`Azure does not answer ${nameOf(request)}.`, "Check the network connection.");
  }
  // Most providers nest the error (ARM RPC), some answer its members alone.
  const body = answer.body as { error?: unknown } | undefined;
  const { code, message } = (body?.error ?? body ?? {}) as { code?: unknown; message?: unknown };
  return new ArmError({
    status: answer.status,
    code: typeof code === "string" ? code : "Unknown",
    message:
      typeof message === "string" ? message : `Azure answers ${nameOf(request)} with the status ${answer.status}.`,
    requestId: answer.headers.get("x-ms-request-id") ?? undefined,
  });
}

function nameOf({ method, path }: ArmRequest): string {
  return `${method} ${path.replace(/\?.*$/, "")}`;
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined; // A gateway's own page; the status says enough.
  }
}

function secondsToMs(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) * 1000 : undefined;
}
