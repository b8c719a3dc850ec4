import { textAt, type Json, type JsonObject } from "../../arm/json.ts";
import type { SandboxIdentity } from "../../identity.ts";
import { ArmRequestError, type ArmClient } from "../armClient.ts";
import { armOperations } from "../armOperations.ts";
import { parseUrn } from "../protocol.ts";
import type { ReadQuery, ResourcePlugin } from "../provider.ts";
import { checkInputs, createBeforeDelete, withDefaults } from "./check.ts";
import { createConverter } from "./convert.ts";
import { create, remove, stateOf, update, type CrudTools } from "./crud.ts";
import { diffInputs, refreshedInputs } from "./diff.ts";
import { azureFunctions } from "./functions.ts";
import { resourceTypes, type ResourceType } from "./resourceTypes.ts";
import { openSdkTypings } from "./sdkTypings.ts";

/** API version with which azure-native reads the location of a resource group, regardless of the SDK's version. */
const groupApiVersion = "2020-10-01";

/** The azure-native plugin for one control plane: its rules, on top of ARM's REST API. */
export function azureNativePlugin(client: ArmClient, identity: SandboxIdentity): ResourcePlugin {
  const types = resourceTypes(openSdkTypings());
  const tools: CrudTools = {
    arm: armOperations(client),
    converter: createConverter(types.typings),
    subscriptionId: identity.subscriptionId,
  };
  const functions = azureFunctions(tools, types, client, identity);
  const typeOf = (urn: string): ResourceType => types.byToken(parseUrn(urn).type);

  /** Returns the location of a resource group; undefined if the group does not exist yet. */
  const locationOf = async (group: string): Promise<string | undefined> => {
    const id = `/subscriptions/${identity.subscriptionId}/resourceGroups/${encodeURIComponent(group)}`;
    try {
      return textAt(await tools.arm.get(id, groupApiVersion, AbortSignal.timeout(60_000)), "location");
    } catch (error) {
      if (error instanceof ArmRequestError) return undefined;
      throw error;
    }
  };

  return {
    check: async (query) => {
      const type = typeOf(query.urn);
      const inputs = await withDefaults(type, query, locationOf);
      return { inputs, failures: checkInputs(type, inputs, types.typings) };
    },

    diff: ({ urn, oldInputs, oldState, news }) => {
      const { azureApiVersion } = oldState;
      // The inputs of an imported resource lack the version that its outputs have.
      const olds = azureApiVersion === undefined ? oldInputs : { azureApiVersion, ...oldInputs };
      const diff = diffInputs(olds, news, oldState, typeOf(urn).diffRules);
      const random = oldInputs[createBeforeDelete];
      return { ...diff, deleteBeforeReplace: typeof random === "boolean" ? !random : diff.replaces.length > 0 };
    },

    create: async ({ urn, inputs, preview }, context) => {
      const type = typeOf(urn);
      if (preview) return { id: "", state: tools.converter.previewOutputs(type.outputs, inputs) };
      return await create(tools, type, urn, inputs, context);
    },

    update: async ({ urn, inputs, oldState, preview }, context) => {
      const type = typeOf(urn);
      if (!preview) return await update(tools, type, urn, inputs, oldState, context);
      const outputs = tools.converter.previewOutputs(type.outputs, inputs);
      // An update changes neither of them, so their dependents need not wait.
      for (const name of ["name", "location"]) if (oldState[name] !== undefined) outputs[name] = oldState[name];
      return outputs;
    },

    read: async (query, context) => {
      const type = typeOf(query.urn);
      let body: JsonObject;
      try {
        body = await tools.arm.get(query.id, type.apiVersion, context.signal);
      } catch (error) {
        if (error instanceof ArmRequestError && error.status === 404) return undefined;
        throw error;
      }
      const state = stateOf(tools, type, body);
      return { id: query.id, state, inputs: readInputs(tools, type, query, state, body) };
    },

    delete: async ({ urn, id }, context) => {
      await remove(tools, typeOf(urn), id, context.signal);
    },

    invoke: async (token, args, context) => await functions.invoke(token, args, context.signal),
  };
}

/** Returns the inputs after a refresh; for an imported resource, those derived from its id and body. */
function readInputs(
  { converter }: CrudTools,
  type: ResourceType,
  { id, oldInputs, oldState }: ReadQuery,
  state: JsonObject,
  body: JsonObject,
): JsonObject {
  if (oldInputs === undefined) {
    const values = converter.toOutputs(type.bodyArgs, type.argShape, body);
    const args = withoutEmpty(converter.outputsToArgs(type.bodyArgs, values)) ?? {};
    // Azure also shows the id in the body, but it is not an argument.
    Reflect.deleteProperty(args, "id");
    return { ...pathValues(type, id), ...args };
  }
  // An interrupted run left inputs without outputs, so changes cannot be determined.
  if (Object.keys(oldState).length === 0) return oldInputs;
  const before = { ...oldState };
  for (const [name, value] of Object.entries(type.resetTo ?? {})) {
    if (oldInputs[name] !== undefined && JSON.stringify(before[name]) === JSON.stringify(value)) {
      Reflect.deleteProperty(before, name);
    }
  }
  // Lists that the program manages as standalone resources are left out of its inputs, whatever Azure shows in them.
  const now = Object.fromEntries(
    Object.entries(state).filter(([name]) => !type.standaloneLists.includes(name) || oldInputs[name] !== undefined),
  );
  return refreshedInputs(
    oldInputs,
    converter.outputsToArgs(type.bodyArgs, before),
    converter.outputsToArgs(type.bodyArgs, now),
  );
}

/** Removes empty lists and objects, which azure-native treats as defaults when it imports a resource. */
function withoutEmpty<Value extends Json>(value: Value): Value | undefined {
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, member]) => [key, withoutEmpty(member)] as const)
    .filter(([, member]) => member !== undefined);
  if (kept.length === 0) return undefined;
  return (Array.isArray(value) ? kept.map(([, member]) => member) : Object.fromEntries(kept)) as Value;
}

/**
 * Returns the arguments that an ARM id contains.
 * @throws Error if the id is not of this type.
 */
function pathValues(type: ResourceType, id: string): JsonObject {
  const names: string[] = [];
  const pattern = type.path.replace(/\{(\+?)(\w+)\}/g, (_match, plus: string, name: string) => {
    names.push(name);
    return plus === "+" ? "(.*?)" : "([^/]+)";
  });
  const match = new RegExp(`^${pattern}$`, "i").exec(id);
  if (match === null)
    throw new Error(`the id "${id}" is not the id of a ${type.token}, which has the form ${type.path}`);
  const whole = new Set(type.pathArgs.filter((arg) => arg.whole).map(({ name }) => name));
  return Object.fromEntries(
    names
      .map((name, index): [string, string] => [name, decodeURIComponent(match[index + 1] ?? "")])
      .map(([name, value]): [string, string] => [name, whole.has(name) ? value.replace(/^\/+/, "") : value])
      .filter(([name]) => name !== "subscriptionId"),
  );
}
