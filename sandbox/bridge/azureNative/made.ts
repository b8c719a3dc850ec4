import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../arm/model.ts";
import type { Converter } from "./convert.ts";
import type { ResourceType } from "./resourceTypes.ts";

/**
 * Whether somebody made a resource that Azure shows. A singleton is always there. A resource with a default state counts as
 * not made while every writable member that Azure shows has its default (pulumi-azure-native,
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
