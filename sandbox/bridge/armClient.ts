import { Agent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { isObject, objectAt, textAt, type JsonObject } from "../arm/json.ts";
import { exchange, type HttpAnswer } from "../exchange.ts";
import type { SandboxIdentity } from "../identity.ts";

export interface ArmClientOptions {
  /** `https://127.0.0.1:PORT`, without a trailing slash. */
  readonly endpoint: string;
  /** Certificate of the trusted authority, as PEM. */
  readonly ca: string;
  readonly identity: SandboxIdentity;
  /** Identity to sign in with. Defaults to the sandbox's application, with its secret. */
  readonly credential?: FederatedCredential;
  /**
   * First delay before a retry without `Retry-After`, in milliseconds, doubled each time. Defaults to 200
   * (azure-native: 20 s).
   */
  readonly retryDelayMs?: number;
}

/** A user-assigned identity that signs in with a token of an issuer it trusts. */
export interface FederatedCredential {
  readonly clientId: string;
  /** Returns the token of the issuer; called whenever an Azure token is needed. */
  readonly assertion: () => Promise<string>;
}

export interface ArmAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined if the body of the response is not a JSON object. */
  readonly body: JsonObject | undefined;
}

export interface ArmRequest {
  readonly method: "GET" | "PUT" | "DELETE";
  /** A path with its query, or an absolute URL that the control plane returned for polling. */
  readonly url: string;
  readonly body?: JsonObject;
}

/** An error response of Azure, with azure-native's message. */
export class ArmRequestError extends Error {
  readonly status: number;
  readonly code: string | undefined;
  constructor(status: number, body: JsonObject | undefined) {
    const error = objectAt(body ?? {}, "error");
    const code = textAt(error, "code");
    super(`Status=${status} Code="${code ?? ""}" Message="${textAt(error, "message") ?? JSON.stringify(body ?? {})}"`);
    this.name = "ArmRequestError";
    this.status = status;
    this.code = code;
  }
}

export interface ArmClient {
  readonly endpoint: string;
  /**
   * Sends with a bearer token, and retries if Azure indicates that it may help. Returns the final response, whatever
   * its status.
   */
  send(armRequest: ArmRequest, signal: AbortSignal): Promise<ArmAnswer>;
  /** Returns a bearer token for an audience, such as the endpoint itself. */
  token(audience: string): Promise<string>;
  /** Application (client) id of the signed-in identity. */
  readonly clientId: string;
  /** Returns the object id of the signed-in identity, from the token. */
  objectId(): Promise<string>;
  close(): void;
}

/**
 * Maximum number of sockets to the control plane, so that a thousand VMs do not open a thousand connections at once.
 */
const maxSockets = 64;
/** Number of retries in the Azure SDK for Go, which azure-native uses. */
const maxRetries = 3;
const retriedStatuses = new Set([408, 429, 500, 502, 503, 504]);
/** Codes that azure-native retries besides (pulumi-azure-native #4497). */
const retriedConflicts = new Set(["AnotherOperationInProgress", "StorageAccountOperationInProgress"]);

/** Creates a client of one control plane. Sends nothing before the first request. */
export function createArmClient(options: ArmClientOptions): ArmClient {
  const agent = new Agent({ ca: options.ca, keepAlive: true, maxSockets });
  const tokens = new Map<string, Promise<Token>>();

  async function once(armRequest: ArmRequest, token: string | undefined): Promise<ArmAnswer> {
    const { method, url, body } = armRequest;
    const headers: Record<string, string> = { accept: "application/json" };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers["content-type"] = "application/json; charset=utf-8";
    const content = body === undefined ? undefined : JSON.stringify(body);
    return withBody(await exchange(new URL(url, options.endpoint), { method, headers, agent }, content));
  }

  async function fetchToken(audience: string): Promise<Token> {
    const { identity, credential } = options;
    const client: Record<string, string> =
      credential === undefined
        ? { client_id: identity.clientId, client_secret: identity.clientSecret }
        : {
            client_id: credential.clientId,
            client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            client_assertion: await credential.assertion(),
          };
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      ...client,
      scope: `${audience}/.default`,
    });
    const url = new URL(`/${identity.tenantId}/oauth2/v2.0/token`, options.endpoint);
    const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
    const answer = withBody(await exchange(url, { method: "POST", headers, agent }, form.toString()));
    const value = textAt(answer.body ?? {}, "access_token");
    const seconds = answer.body?.expires_in;
    if (answer.status !== 200 || value === undefined) {
      throw new Error(`The login endpoint ${url.href} answered ${answer.status}: ${JSON.stringify(answer.body ?? {})}`);
    }
    return { value, renewAt: Date.now() + Math.max(0, Number(seconds ?? 0) - 300) * 1000 };
  }

  async function token(audience: string): Promise<string> {
    const held = tokens.get(audience);
    if (held !== undefined) {
      const known = await held;
      if (known.renewAt > Date.now()) return known.value;
      if (tokens.get(audience) === held) tokens.delete(audience);
      return await token(audience);
    }
    const fetched = fetchToken(audience);
    tokens.set(audience, fetched);
    try {
      return (await fetched).value;
    } catch (error) {
      tokens.delete(audience);
      throw error;
    }
  }

  async function send(armRequest: ArmRequest, signal: AbortSignal): Promise<ArmAnswer> {
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted();
      const bearer = await token(options.endpoint);
      const last = attempt === maxRetries;
      let wait = (options.retryDelayMs ?? 200) * 2 ** attempt;
      try {
        const answer = await once(armRequest, bearer);
        // The control plane was restarted with other keys, or the token was revoked.
        if (answer.status === 401 && attempt === 0) {
          tokens.clear();
          continue;
        }
        if (last || !isRetried(answer)) return answer;
        wait = retryAfterMs(answer) ?? wait;
      } catch (error) {
        // A dropped connection: writes are idempotent, so azure-native retries them too.
        if (last)
          throw new Error(`${armRequest.method} ${armRequest.url} failed: ${messageOf(error)}`, { cause: error });
      }
      await sleep(wait, undefined, { signal });
    }
  }

  return {
    endpoint: options.endpoint,
    clientId: options.credential?.clientId ?? options.identity.clientId,
    send,
    token,
    objectId: async () => objectIdOf(await token(options.endpoint)),
    close: () => {
      agent.destroy();
    },
  };
}

interface Token {
  readonly value: string;
  /** Milliseconds since the epoch, on the computer's clock. */
  readonly renewAt: number;
}

function isRetried({ status, body }: ArmAnswer): boolean {
  if (retriedStatuses.has(status)) return true;
  return status === 409 && retriedConflicts.has(textAt(objectAt(body ?? {}, "error"), "code") ?? "");
}

/**
 * Returns the delay that a response asks for, in milliseconds (Azure Resource Manager, "Throttling" and "Asynchronous
 * operations").
 */
export function retryAfterMs(answer: ArmAnswer): number | undefined {
  const milliseconds = answer.headers["retry-after-ms"] ?? answer.headers["x-ms-retry-after-ms"];
  if (milliseconds !== undefined && Number.isFinite(Number(milliseconds))) return Number(milliseconds);
  const seconds = answer.headers["retry-after"];
  if (seconds === undefined) return undefined;
  if (Number.isFinite(Number(seconds))) return Number(seconds) * 1000;
  const until = Date.parse(seconds);
  return Number.isNaN(until) ? undefined : Math.max(0, until - Date.now());
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

/** Returns the `oid` claim of a token. */
function objectIdOf(token: string): string {
  const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8") || "{}");
  const value: unknown = typeof claims === "object" && claims !== null ? Reflect.get(claims, "oid") : undefined;
  if (typeof value !== "string") throw new Error('The access token carries no object id ("oid").');
  return value;
}

function withBody({ status, headers, text }: HttpAnswer): ArmAnswer {
  try {
    const body = JSON.parse(text) as JsonObject;
    return { status, headers, body: isObject(body) ? body : undefined };
  } catch {
    return { status, headers, body: undefined };
  }
}
