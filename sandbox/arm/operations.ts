import { randomUUID } from "node:crypto";
import { asArmError, errorBody } from "./errors.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { Caller } from "./caller.ts";
import type { Clock } from "../clock.ts";
import { conflict } from "./armError.ts";
import { sameId, subscriptionScopeOf } from "./ids.ts";
import type { Documents } from "./store.ts";
import type { TypeRules } from "./typeRules.ts";

/** A long-running operation to start: what it does to its resource, and for whom. */
export interface OperationStart {
  readonly kind: "write" | "delete" | "action";
  readonly resourceId: string;
  readonly type: string;
  /** Operation name in the activity log, for example `Microsoft.Network/bastionHosts/write`. */
  readonly operationName: string;
  /** Region of the resource, which is part of the URLs to poll. */
  readonly location: string;
  readonly apiVersion: string;
  readonly correlationId: string;
  readonly caller: Caller;
  /** Result of an action, returned once the operation ends. */
  readonly result?: { readonly status: number; readonly body?: JsonObject };
  /** If set, the operation ends with this error instead of being carried out. */
  readonly failure?: { readonly code: string; readonly message: string };
}

export interface Operation extends OperationStart {
  readonly id: string;
  readonly startedAt: string;
  readonly dueAt: string;
  readonly endedAt?: string;
  readonly status: "InProgress" | "Succeeded" | "Failed";
  /** Status and error body of a failed operation. */
  readonly error?: { readonly status: number; readonly body: JsonObject };
}

/** Ended operations can be read for a day, like `Azure-AsyncOperation` URLs. */
const keptMs = 24 * 60 * 60 * 1000;

/**
 * The long-running operations of the control plane. Each ends on the sandbox clock, an adjustable delay after its
 * start; an operation that a restart interrupts is carried out after the next start.
 */
export class Operations {
  readonly #documents: Documents;
  readonly #clock: Clock;
  readonly #carryOut: (operation: Operation) => Promise<void>;
  readonly #all = new Map<string, Operation>();
  /** Running operations are kept separately, because every write searches them. */
  readonly #running = new Map<string, Operation>();
  readonly #cancels = new Map<string, () => void>();
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #working = new Set<Promise<void>>();
  #closed = false;
  /** Duration of an operation in milliseconds on the sandbox clock. */
  delayMs: number;

  /** @param carryOut carries out the operation when it is due; an error that it throws is the operation's result. */
  constructor(documents: Documents, clock: Clock, delayMs: number, carryOut: (operation: Operation) => Promise<void>) {
    this.#documents = documents;
    this.#clock = clock;
    this.#carryOut = carryOut;
    this.delayMs = delayMs;
    for (const { key, value } of documents.all()) {
      const operation = value as unknown as Operation;
      const endedAt = operation.endedAt === undefined ? undefined : Date.parse(operation.endedAt);
      if (endedAt !== undefined && endedAt + keptMs < clock.now().getTime()) documents.delete(key);
      else this.#remember(operation);
    }
  }

  /** Sets the timers of the operations that were running when the control plane stopped. */
  resume(): void {
    for (const operation of this.#running.values()) this.#schedule(operation);
  }

  start(start: OperationStart): Operation {
    const now = this.#clock.now();
    const operation: Operation = {
      ...start,
      id: randomUUID(),
      startedAt: now.toISOString(),
      dueAt: new Date(now.getTime() + this.delayMs).toISOString(),
      status: "InProgress",
    };
    this.#save(operation);
    this.#schedule(operation);
    return operation;
  }

  get(id: string): Operation | undefined {
    return this.#all.get(id);
  }

  /**
   * Refuses a second operation on a resource, or on anything inside it, while another is running.
   * @throws ArmError of the type, AnotherOperationInProgress by default
   */
  requireNone(resourceId: string, rules: TypeRules | undefined): void {
    for (const operation of this.#running.values()) {
      if (operation.kind === "action") continue;
      const whole =
        operation.kind === "delete" && resourceId.toLowerCase().startsWith(`${operation.resourceId.toLowerCase()}/`);
      if (!whole && !sameId(operation.resourceId, resourceId)) continue;
      if (rules?.refusals?.busy !== undefined) throw rules.refusals.busy();
      throw conflict(
        "AnotherOperationInProgress",
        `Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: ${operationPath(operation)}?api-version=${operation.apiVersion}.`,
      );
    }
  }

  /** Waits until the operation ends, but at most `ms` of real time, so that a client needs few polls. */
  async wait(id: string, ms: number): Promise<void> {
    if (!this.#running.has(id) || ms <= 0) return;
    await new Promise<void>((resolve) => {
      const waiting = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, waiting);
      const done = (): void => {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      waiting.add(done);
    });
  }

  /** Stops the timers, waits for operations that are being carried out, and releases waiting polls. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#cancels.values()) cancel();
    for (const waiting of this.#waiting.values()) for (const done of waiting) done();
    await Promise.all(this.#working);
  }

  #schedule(operation: Operation): void {
    const cancel = this.#clock.schedule(new Date(operation.dueAt), () => {
      this.#cancels.delete(operation.id);
      const work = this.#end(operation).finally(() => this.#working.delete(work));
      this.#working.add(work);
      return work;
    });
    this.#cancels.set(operation.id, cancel);
  }

  async #end(operation: Operation): Promise<void> {
    if (this.#closed) return;
    let ended: Operation;
    try {
      await this.#carryOut(operation);
      ended = { ...operation, status: "Succeeded", endedAt: this.#clock.now().toISOString() };
    } catch (thrown) {
      const error = asArmError(thrown);
      ended = {
        ...operation,
        status: "Failed",
        endedAt: this.#clock.now().toISOString(),
        error: { status: error.status, body: errorBody(error) },
      };
    }
    this.#save(ended);
    for (const done of this.#waiting.get(operation.id) ?? []) done();
    this.#waiting.delete(operation.id);
  }

  #remember(operation: Operation): void {
    this.#all.set(operation.id, operation);
    if (operation.status === "InProgress") this.#running.set(operation.id, operation);
    else this.#running.delete(operation.id);
  }

  #save(operation: Operation): void {
    this.#remember(operation);
    this.#documents.put(operation.id, operation as unknown as JsonObject);
  }
}

/**
 * Returns `/subscriptions/{id}/providers/{namespace}/locations/{location}/operations/{operation}`, without the host.
 */
export function operationPath(
  operation: Operation,
  collection: "operations" | "operationResults" = "operations",
): string {
  const namespace = operation.type.split("/")[0] ?? "";
  return `${subscriptionScopeOf(operation.resourceId)}/providers/${namespace}/locations/${operation.location}/${collection}/${operation.id}`;
}

/** Returns the body of `Azure-AsyncOperation` (ARM RPC, Addendum.md, "Asynchronous operations"). */
export function operationStatus(operation: Operation): JsonObject {
  const error = operation.error?.body.error;
  return {
    id: operationPath(operation),
    name: operation.id,
    status: operation.status,
    startTime: operation.startedAt,
    ...(operation.endedAt === undefined ? {} : { endTime: operation.endedAt }),
    ...(isObject(error) ? { error } : {}),
    ...(operation.status === "Succeeded" && operation.result?.body !== undefined
      ? { properties: { output: operation.result.body } }
      : {}),
  };
}
