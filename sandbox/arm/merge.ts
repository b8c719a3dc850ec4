import { isObject, type JsonObject } from "./json.ts";

/**
 * Applies a PATCH to a body: a JSON merge patch (RFC 7396), except that `tags` are replaced as a whole, as resource
 * providers do.
 */
export function mergePatch(body: JsonObject, patch: JsonObject): JsonObject {
  const merged = merge(body, patch);
  if (isObject(patch.tags)) merged.tags = patch.tags;
  return merged;
}

function merge(body: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = { ...body };
  for (const [member, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, member);
    else if (isObject(value)) {
      const before = result[member];
      result[member] = merge(isObject(before) ? before : {}, value);
    } else result[member] = value;
  }
  return result;
}
