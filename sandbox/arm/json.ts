import { isObject } from "./bodies.ts";
import type { Json, JsonObject } from "./model.ts";

/**
 * Parses a text that must be a JSON object.
 * @throws SyntaxError when the text is not JSON, or not an object.
 */
export function parseJsonObject(text: string): JsonObject {
  const value = JSON.parse(text) as Json;
  if (!isObject(value)) throw new SyntaxError("The text is JSON, but not an object.");
  return value;
}
