/** `Field`s that many bodies have. */
import type { Field, ObjectField } from "./field.ts";

/** `tags`, as on every tracked resource. */
export const tags: Field = { kind: "map", of: { kind: "string" } };

/** Body of a PATCH that accepts only tags. */
export const tagsObject: ObjectField = { kind: "object", members: { tags } };

/**
 * A reference to another resource, `{ "id": "<ARM id>" }`. Other members, which a client read together with the id, are
 * ignored.
 */
export const reference: ObjectField = {
  kind: "object",
  members: {
    id: { kind: "string" },
    ...Object.fromEntries(
      ["name", "type", "etag", "location", "properties", "resourceGroup"].map((name) => [
        name,
        { kind: "any", readOnly: true },
      ]),
    ),
  },
};
