import { setTimeout as sleep } from "node:timers/promises";
import { isObject, objectAt, textAt, type JsonObject } from "../arm/json.ts";
import { ArmRequestError, retryAfterMs, type ArmAnswer, type ArmClient } from "./armClient.ts";

/** Azure accepted the write, so the resource may exist, but the operation failed or was not awaited to its end. */
export class AcceptedError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "AcceptedError";
  }
}

export interface ArmOperations {
  /** @throws ArmRequestError if Azure refuses; its `status` is 404 if the resource does not exist. */
  get(id: string, apiVersion: string, signal: AbortSignal): Promise<JsonObject>;
  /**
   * Creates or replaces a resource, and waits for the end of the operation.
   * @throws ArmRequestError if Azure refuses, AcceptedError if Azure accepted the write but did not complete it.
   */
  put(id: string, apiVersion: string, body: JsonObject, longRunning: boolean, signal: AbortSignal): Promise<JsonObject>;
  /** Deletes a resource, and waits for the end of a long-running operation. Succeeds if the resource does not exist. */
  delete(id: string, apiVersion: string, longRunning: boolean, signal: AbortSignal): Promise<void>;
}

/**
 * Milliseconds between two polls without `Retry-After`. azure-native waits 10 s after a PUT and 30 s after a DELETE.
 */
const pollDelayMs = 500;
const ended = new Set(["succeeded", "failed", "canceled", "cancelled"]);

/** Returns the operations on resources, with the polling that ARM requires ("Track asynchronous Azure operations"). */
export function armOperations(client: ArmClient): ArmOperations {
  const url = (id: string, apiVersion: string): string => `${id}?api-version=${apiVersion}`;

  async function wait(answer: ArmAnswer, signal: AbortSignal): Promise<void> {
    await sleep(retryAfterMs(answer) ?? pollDelayMs, undefined, { signal });
  }

  async function poll(address: string, signal: AbortSignal): Promise<ArmAnswer> {
    const answer = await client.send({ method: "GET", url: address }, signal);
    if (answer.status >= 400) throw new ArmRequestError(answer.status, answer.body);
    return answer;
  }

  /** Follows `Azure-AsyncOperation`: the state of the operation is the body's `status`. */
  async function followOperation(first: ArmAnswer, address: string, signal: AbortSignal): Promise<JsonObject> {
    for (let answer = first; ;) {
      await wait(answer, signal);
      answer = await poll(address, signal);
      const body = answer.body ?? {};
      const status = textAt(body, "status");
      if (status === undefined) throw new Error(`The operation ${address} answered without a status.`);
      if (isFinal(status, body)) return objectAt(body, "properties");
    }
  }

  /** Follows `Location`: 202 until the operation ends, then the result. */
  async function followLocation(
    first: ArmAnswer,
    address: string,
    signal: AbortSignal,
  ): Promise<JsonObject | undefined> {
    for (let answer = first; ;) {
      await wait(answer, signal);
      answer = await poll(answer.headers.location ?? address, signal);
      if (answer.status !== 202) return answer.body;
    }
  }

  /** Waits for the resource's own `provisioningState`. */
  async function followState(first: ArmAnswer, address: string, signal: AbortSignal): Promise<JsonObject> {
    for (let answer = first; ;) {
      const body = answer.body ?? {};
      const state = textAt(objectAt(body, "properties"), "provisioningState");
      if (state === undefined || isFinal(state, body)) return body;
      await wait(answer, signal);
      answer = await poll(address, signal);
    }
  }

  return {
    get: async (id, apiVersion, signal) => (await poll(url(id, apiVersion), signal)).body ?? {},

    put: async (id, apiVersion, body, longRunning, signal) => {
      const address = url(id, apiVersion);
      const answer = await client.send({ method: "PUT", url: address, body }, signal);
      if (answer.status >= 400) throw new ArmRequestError(answer.status, answer.body);
      if (!longRunning && answer.status !== 202) return answer.body ?? {};
      try {
        const operation = answer.headers["azure-asyncoperation"];
        if (operation !== undefined) {
          await followOperation(answer, operation, signal);
          return (await poll(address, signal)).body ?? {};
        }
        const location = answer.headers.location;
        if (answer.status === 202 && location !== undefined) {
          return (await followLocation(answer, location, signal)) ?? (await poll(address, signal)).body ?? {};
        }
        return await followState(answer, address, signal);
      } catch (error) {
        throw new AcceptedError(error);
      }
    },

    delete: async (id, apiVersion, longRunning, signal) => {
      const answer = await client.send({ method: "DELETE", url: url(id, apiVersion) }, signal);
      if (answer.status === 404) return;
      if (answer.status >= 400) throw new ArmRequestError(answer.status, answer.body);
      if (!longRunning) return;
      const operation = answer.headers["azure-asyncoperation"];
      const location = answer.headers.location;
      try {
        if (operation !== undefined) await followOperation(answer, operation, signal);
        else if (answer.status === 202 && location !== undefined) await followLocation(answer, location, signal);
      } catch (error) {
        if (!(error instanceof ArmRequestError) || error.status !== 404) throw error;
      }
    },
  };
}

/** Whether a state is final. @throws ArmRequestError if it is final but not a success. */
function isFinal(state: string, body: JsonObject): boolean {
  if (!ended.has(state.toLowerCase())) return false;
  if (state.toLowerCase() === "succeeded") return true;
  const error = isObject(body.error) ? body.error : { code: state, message: `The operation ended as ${state}.` };
  throw new ArmRequestError(200, { error });
}
