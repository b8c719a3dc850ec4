import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../arm/json.ts";
import type { Converter } from "./convert.ts";
import type { ResourceType } from "./resourceTypes.ts";

/**
 * Whether a resource that Azure shows was created by somebody. A singleton always exists. A resource with a default
 * state is treated as not created while every writable member that Azure shows has its default (pulumi-azure-native,
 * provider/pkg/convert/isDefaultResponse.go).
 */
export function isMade(
  converter: Converter,
  { singleton, defaultState, bodyArgs, argShape }: ResourceType,
  body: JsonObject,
): boolean {
  if (singleton === true || Object.keys(body).length === 0) return false;
  if (defaultState === undefined) return true;
  const args = converter.toOutputs(bodyArgs, argShape, body);
  return !Object.entries(args).every(([name, value]) => isDeepStrictEqual(value, defaultState[name]));
}
