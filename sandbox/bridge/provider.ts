import type { JsonObject } from "../arm/json.ts";
import type { ResourceDiff } from "./azureNative/diff.ts";

/** Why an input of a resource or function is refused. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** How the engine wants to name resources that the program does not name. */
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
  /** New inputs, as completed by `check`. */
  readonly news: JsonObject;
}

export interface DiffAnswer extends ResourceDiff {
  readonly deleteBeforeReplace: boolean;
}

/** Context of an operation on the cloud: it must stop waiting once the signal fires, which includes the timeout. */
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
  /** Empty if a resource is imported. */
  readonly oldState: JsonObject;
  /** Undefined if a resource is imported. */
  readonly oldInputs: JsonObject | undefined;
}

export interface DeleteQuery {
  readonly urn: string;
  readonly id: string;
  readonly oldState: JsonObject;
}

/** A resource plugin as the engine sees it, without the protocol. */
export interface ResourcePlugin {
  check(query: CheckQuery): Promise<{ inputs: JsonObject; failures: readonly CheckFailure[] }>;
  diff(query: DiffQuery): DiffAnswer;
  create(query: WriteQuery, context: OperationContext): Promise<{ id: string; state: JsonObject }>;
  /** Returns undefined if the resource no longer exists. */
  read(
    query: ReadQuery,
    context: OperationContext,
  ): Promise<{ id: string; state: JsonObject; inputs: JsonObject } | undefined>;
  update(query: UpdateQuery, context: OperationContext): Promise<JsonObject>;
  delete(query: DeleteQuery, context: OperationContext): Promise<void>;
  /** Calls a function, for example `azure-native:network:getBastionHost`. */
  invoke(token: string, args: JsonObject, context: OperationContext): Promise<JsonObject>;
}
