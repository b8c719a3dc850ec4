/** JSON on the wire. */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses a string that must be a JSON object.
 * @throws SyntaxError if the string is not JSON, or not an object.
 */
export function parseJsonObject(text: string): JsonObject {
  const value = JSON.parse(text) as Json;
  if (!isObject(value)) throw new SyntaxError("The text is JSON, but not an object.");
  return value;
}
