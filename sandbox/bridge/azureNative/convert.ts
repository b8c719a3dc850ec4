import type { Json, JsonObject } from "../../arm/json.ts";
import { isUnknown, unknown } from "../protocol.ts";
import type { SdkMember, SdkMembers, SdkType, SdkTypings } from "./sdkTypings.ts";
import { nestedShape, setAt, valueAt, wirePath, type WireShape } from "./wireShape.ts";

/** Converts values between the SDK's shape and ARM's wire form, using the SDK's typings and the table's shapes. */
export interface Converter {
  /** Converts SDK arguments to the body of a request. Members unknown to the typings are omitted. */
  toBody(args: SdkMembers, shape: WireShape, values: JsonObject): JsonObject;
  /** Converts the body of a response to SDK outputs. Nulls and members unknown to the typings are omitted. */
  toOutputs(outputs: SdkMembers, shape: WireShape, body: JsonObject): JsonObject;
  /** Returns the arguments among outputs, without read-only members. */
  outputsToArgs(args: SdkMembers, outputs: JsonObject): JsonObject;
  /** Returns the outputs that a preview knows: those that are arguments. All others are unknown until `up`. */
  previewOutputs(outputs: SdkMembers, args: JsonObject): JsonObject;
}

export function createConverter(typings: SdkTypings): Converter {
  type Change = (members: SdkMembers, shape: WireShape, values: JsonObject) => JsonObject;

  /** Applies `change` to every object of a known type in a value. */
  function within(type: SdkType, value: Json, change: Change): Json {
    if (Array.isArray(value)) {
      if (type.kind !== "list") return value;
      return value.map((item) => within(type.of, item, change));
    }
    if (typeof value !== "object" || value === null) return value;
    if (type.kind === "object") return change(typings.object(type.name), nestedShape(type.name), value);
    if (type.kind !== "map") return value;
    return mapValues(value, (item) => within(type.of, item, change));
  }

  const toBody: Change = (args, shape, values) => {
    const body: JsonObject = {};
    for (const [name, { type }] of args) {
      const value = values[name];
      if (value === undefined) continue;
      setAt(body, wirePath(shape, name), isIdentitySet(name, type) ? setToMap(value) : within(type, value, toBody));
    }
    return body;
  };

  const toOutputs: Change = (outputs, shape, body) => {
    const values: JsonObject = {};
    for (const [name, { type }] of outputs) {
      const value = valueAt(body, wirePath(shape, name));
      if (value !== undefined && value !== null) values[name] = within(type, value, toOutputs);
    }
    return values;
  };

  const outputsToArgs = (args: SdkMembers, outputs: JsonObject): JsonObject => {
    const values: JsonObject = {};
    for (const [name, { type }] of args) {
      const value = outputs[name];
      if (value === undefined) continue;
      values[name] = isIdentitySet(name, type)
        ? mapToSet(value)
        : within(type, value, (members, _shape, nested) => outputsToArgs(members, nested));
    }
    return values;
  };

  const previewOutputs = (outputs: SdkMembers, args: JsonObject): JsonObject => {
    const values: JsonObject = {};
    for (const [name, member] of outputs) values[name] = previewOf(member, args[name]);
    return values;
  };

  const previewOf = ({ type }: SdkMember, value: Json | undefined): Json => {
    if (value === undefined || isUnknown(value)) return unknown;
    if (isIdentityMap(type, value)) return unknown;
    return within(type, value, (members, _shape, nested) => previewOutputs(members, nested));
  };

  return { toBody, toOutputs, outputsToArgs, previewOutputs };
}

/**
 * User-assigned identities are a list of ids as an argument, and a map with the ids as keys on the wire and as an
 * output (Azure Resource Manager, managed identities of a resource).
 */
function isIdentitySet(name: string, type: SdkType): boolean {
  return name === "userAssignedIdentities" && type.kind === "list";
}

function isIdentityMap(type: SdkType, value: Json): boolean {
  return type.kind === "map" && Array.isArray(value);
}

function setToMap(value: Json): Json {
  if (!Array.isArray(value)) return value;
  return Object.fromEntries(value.filter((id) => typeof id === "string").map((id) => [id, {}]));
}

function mapToSet(value: Json): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : value;
}

function mapValues(value: JsonObject, change: (item: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}
