import { isObject } from "./bodies.ts";
import type { Json, JsonObject } from "./model.ts";

/**
 * Parses a string that must be a JSON object.
 * @throws SyntaxError if the string is not JSON, or not an object.
 */
export function parseJsonObject(text: string): JsonObject {
  const value = JSON.parse(text) as Json;
  if (!isObject(value)) throw new SyntaxError("The text is JSON, but not an object.");
  return value;
}
