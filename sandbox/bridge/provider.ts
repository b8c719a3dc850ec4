import type { JsonObject } from "../arm/model.ts";
import type { ResourceDiff } from "./azureNative/diff.ts";

/** Why the inputs of a resource or a function are refused. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** How the engine wants resources named that the program leaves unnamed. */
export interface Autonaming {
  readonly mode: "propose" | "enforce" | "disable";
  readonly proposedName: string;
}

export interface CheckQuery {
  readonly urn: string;
  readonly olds: JsonObject;
  readonly news: JsonObject;
  readonly randomSeed: Uint8Array;
  readonly autonaming: Autonaming | undefined;
  /** Config of the provider, such as `location` of `azure-native:location`. */
  readonly config: Readonly<Record<string, string>>;
}

export interface DiffQuery {
  readonly urn: string;
  readonly oldInputs: JsonObject;
  readonly oldState: JsonObject;
  /** New inputs, as `check` completed them. */
  readonly news: JsonObject;
}

export interface DiffAnswer extends ResourceDiff {
  readonly deleteBeforeReplace: boolean;
}

/** What an operation on the cloud may use: it is to stop waiting once the signal fires or its time is up. */
export interface OperationContext {
  readonly signal: AbortSignal;
  /** Shows a message at the resource in the engine's display. */
  warn(urn: string, message: string): void;
}

export interface WriteQuery {
  readonly urn: string;
  readonly inputs: JsonObject;
  readonly preview: boolean;
}

export interface UpdateQuery extends WriteQuery {
  readonly id: string;
  readonly oldState: JsonObject;
  readonly oldInputs: JsonObject;
}

export interface ReadQuery {
  readonly urn: string;
  readonly id: string;
  /** Empty when a resource is imported. */
  readonly oldState: JsonObject;
  /** Undefined when a resource is imported. */
  readonly oldInputs: JsonObject | undefined;
}

export interface DeleteQuery {
  readonly urn: string;
  readonly id: string;
  readonly oldState: JsonObject;
}

/** A resource plugin as the engine sees it, without the protocol around it. */
export interface ResourcePlugin {
  check(query: CheckQuery): Promise<{ inputs: JsonObject; failures: readonly CheckFailure[] }>;
  diff(query: DiffQuery): DiffAnswer;
  create(query: WriteQuery, context: OperationContext): Promise<{ id: string; state: JsonObject }>;
  /** Undefined when the resource is gone. */
  read(
    query: ReadQuery,
    context: OperationContext,
  ): Promise<{ id: string; state: JsonObject; inputs: JsonObject } | undefined>;
  update(query: UpdateQuery, context: OperationContext): Promise<JsonObject>;
  delete(query: DeleteQuery, context: OperationContext): Promise<void>;
  /** Calls a function, e.g. `azure-native:network:getBastionHost`. */
  invoke(token: string, args: JsonObject, context: OperationContext): Promise<JsonObject>;
}
