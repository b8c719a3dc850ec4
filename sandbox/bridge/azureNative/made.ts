import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../arm/model.ts";
import type { Converter } from "./convert.ts";
import type { ResourceType } from "./resourceTypes.ts";

/**
 * Whether a resource that Azure answers a GET with was made by somebody, and is not what Azure shows by itself: one that is
 * there with its parent, still in its default state, or of which nobody can tell because it is always there.
 */
export function isMade(
  converter: Converter,
  { singleton, defaultState, bodyArgs, argShape }: ResourceType,
  body: JsonObject,
): boolean {
  if (singleton === true || Object.keys(body).length === 0) return false;
  if (defaultState === undefined) return true;
  const args = converter.toOutputs(bodyArgs, argShape, body);
  return !Object.entries(args).every(
    ([name, value]) =>
      value === false || isDeepStrictEqual(value, defaultState[name]) || (Array.isArray(value) && value.length === 0),
  );
}
