import { isObject, type JsonObject } from "../../arm/json.ts";
import { AcceptedError, type ArmOperations } from "../armOperations.ts";
import { ArmRequestError } from "../armClient.ts";
import { InitFailedError } from "../protocol.ts";
import type { OperationContext } from "../provider.ts";
import type { Converter } from "./convert.ts";
import { isMade } from "./made.ts";
import type { ResourceType } from "./resourceTypes.ts";
import { setAt, valueAt, wirePath } from "./wireShape.ts";

/** Dependencies of the operations on one resource. */
export interface CrudTools {
  readonly arm: ArmOperations;
  readonly converter: Converter;
  readonly subscriptionId: string;
}

/**
 * Returns the ARM id for given inputs.
 * @throws Error if an argument of the path is not a string.
 */
export function armId(path: string, values: JsonObject, subscriptionId: string): string {
  return path.replace(/\{(\+?)(\w+)\}/g, (_match, plus: string, name: string) => {
    const value = name === "subscriptionId" ? subscriptionId : values[name];
    if (typeof value !== "string")
      throw new Error(`expected string value for path parameter '${name}', got ${typeof value}`);
    return plus === "+" ? value.replace(/^\/+|\/+$/g, "") : encodeURIComponent(value);
  });
}

/** Returns the state that the engine stores: the outputs, with the API version they were read with. */
export function stateOf(tools: CrudTools, type: ResourceType, body: JsonObject): JsonObject {
  return { ...tools.converter.toOutputs(type.outputs, type.outputShape, body), azureApiVersion: type.apiVersion };
}

/**
 * Creates a resource that must not exist. ARM only has "create or replace", so azure-native checks first that it does
 * not take over a resource that somebody else created.
 * @throws InitFailedError if Azure accepted the resource but did not complete it; its state is then kept.
 */
export async function create(
  tools: CrudTools,
  type: ResourceType,
  urn: string,
  inputs: JsonObject,
  context: OperationContext,
): Promise<{ id: string; state: JsonObject }> {
  const id = armId(type.path, inputs, tools.subscriptionId);
  await assertCreatable(tools, type, id, context.signal);
  const body = requestBody(tools, type, inputs);
  for (const name of type.standaloneLists) {
    const path = wirePath(type.argShape, name);
    if (valueAt(body, path) === undefined) setAt(body, path, []);
  }
  const answer = await put(tools, type, id, inputs, body, context);
  const written = typeof answer.id === "string" ? answer.id : id;
  return { id: written, state: await readAfterWrite(tools, type, urn, written, answer, "Create", context) };
}

/** Updates in place. Lists that the program manages as standalone resources are kept as they are in Azure. */
export async function update(
  tools: CrudTools,
  type: ResourceType,
  urn: string,
  inputs: JsonObject,
  oldState: JsonObject,
  context: OperationContext,
): Promise<JsonObject> {
  const complete = { ...inputs };
  for (const [name, value] of Object.entries(type.resetTo ?? {})) {
    if (complete[name] === undefined && oldState[name] !== undefined) complete[name] = value;
  }
  const id = armId(type.path, complete, tools.subscriptionId);
  const body = requestBody(tools, type, complete);
  const unset = type.standaloneLists
    .map((name) => wirePath(type.argShape, name))
    .filter((path) => valueAt(body, path) === undefined);
  if (unset.length > 0) {
    const live = await tools.arm.get(id, type.apiVersion, context.signal);
    for (const path of unset) {
      const value = valueAt(live, path);
      if (value !== undefined) setAt(body, path, value);
    }
  }
  const answer = await put(tools, type, id, inputs, body, context);
  return await readAfterWrite(tools, type, urn, id, answer, "Update", context);
}

/** Deletes a resource, or resets one that always exists to its default state. */
export async function remove(tools: CrudTools, type: ResourceType, id: string, signal: AbortSignal): Promise<void> {
  if (type.singleton !== true) {
    await tools.arm.delete(id, type.apiVersion, type.longRunning?.delete ?? false, signal);
    return;
  }
  const body = requestBody(tools, type, type.defaultState ?? {});
  await tools.arm.put(id, type.apiVersion, body, type.longRunning?.put ?? false, signal);
}

function requestBody(tools: CrudTools, type: ResourceType, inputs: JsonObject): JsonObject {
  return tools.converter.toBody(type.bodyArgs, type.argShape, inputs);
}

async function assertCreatable(tools: CrudTools, type: ResourceType, id: string, signal: AbortSignal): Promise<void> {
  let found: JsonObject;
  try {
    found = await tools.arm.get(id, type.apiVersion, signal);
  } catch (error) {
    if (error instanceof ArmRequestError && error.status === 404) return;
    if (!(error instanceof ArmRequestError)) throw error;
    throw new Error(`cannot check existence of resource '${id}': ${error.message}`, { cause: error });
  }
  if (isMade(tools.converter, type, found)) {
    throw new Error(`cannot create already existing ${type.defaultState === undefined ? "" : "sub"}resource '${id}'`);
  }
}

async function put(
  tools: CrudTools,
  type: ResourceType,
  id: string,
  inputs: JsonObject,
  body: JsonObject,
  context: OperationContext,
): Promise<JsonObject> {
  try {
    return await tools.arm.put(id, type.apiVersion, body, type.longRunning?.put ?? false, context.signal);
  } catch (error) {
    if (!(error instanceof AcceptedError)) throw error;
    // The signal may have ended the wait, so this read has its own timeout.
    const state = await tools.arm
      .get(id, type.apiVersion, AbortSignal.timeout(10_000))
      .then((found) => stateOf(tools, type, found))
      .catch(() => undefined);
    throw new InitFailedError(error.message, id, state, inputs);
  }
}

/**
 * Reads a resource right after a write: a GET differs in small ways from the response to a PUT, and a later refresh
 * uses GET.
 */
async function readAfterWrite(
  tools: CrudTools,
  type: ResourceType,
  urn: string,
  id: string,
  answer: JsonObject,
  operation: "Create" | "Update",
  context: OperationContext,
): Promise<JsonObject> {
  try {
    const found = await tools.arm.get(id, type.apiVersion, context.signal);
    return stateOf(tools, type, isObject(found) ? found : answer);
  } catch (error) {
    context.warn(
      urn,
      `Failed to read resource after ${operation}: ${error instanceof Error ? error.message : "unknown"}`,
    );
    return stateOf(tools, type, answer);
  }
}
