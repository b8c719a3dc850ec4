import type { Json, JsonObject } from "./model.ts";

/** Whether a JSON value is an object, not a list or null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object under a member, or an empty one when there is none. */
export function objectAt(body: JsonObject, member: string): JsonObject {
  const value = body[member];
  return isObject(value) ? value : {};
}

/** The string under a member, or undefined when there is none. */
export function stringAt(body: JsonObject, member: string): string | undefined {
  const value = body[member];
  return typeof value === "string" ? value : undefined;
}

/**
 * Parses a text that must be a JSON object.
 * @throws SyntaxError when the text is not JSON, or not an object.
 */
export function parseJsonObject(text: string): JsonObject {
  const value = JSON.parse(text) as Json;
  if (!isObject(value)) throw new SyntaxError("The text is JSON, but not an object.");
  return value;
}
