/** JSON on the wire, and typed reads of it by dotted path: `textAt(body, "properties.subnet.id")`. */

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

/** Returns the value at the path; `undefined` if any step is missing. */
export function valueAt(body: Json | undefined, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>((value, key) => (isObject(value) ? value[key] : undefined), body);
}

export function textAt(body: Json | undefined, path: string): string | undefined {
  const value = valueAt(body, path);
  return typeof value === "string" ? value : undefined;
}

export function numberAt(body: Json | undefined, path: string): number | undefined {
  const value = valueAt(body, path);
  return typeof value === "number" ? value : undefined;
}

export function flagAt(body: Json | undefined, path: string): boolean | undefined {
  const value = valueAt(body, path);
  return typeof value === "boolean" ? value : undefined;
}

/** Returns the object at the path, or an empty one. */
export function objectAt(body: Json | undefined, path: string): JsonObject {
  const value = valueAt(body, path);
  return isObject(value) ? value : {};
}

/** Returns the objects of the list at the path; empty without a list. */
export function objectsAt(body: Json | undefined, path: string): JsonObject[] {
  const value = valueAt(body, path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Returns the strings of the list at the path; empty without a list. */
export function textsAt(body: Json | undefined, path: string): string[] {
  const value = valueAt(body, path);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Returns the body with more members in `properties`. */
export function withProperties(body: JsonObject, properties: JsonObject): JsonObject {
  return { ...body, properties: { ...objectAt(body, "properties"), ...properties } };
}

/**
 * Returns the object without members that are `undefined`, so that optional members can be written in one expression.
 */
export function defined(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const entries = Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
