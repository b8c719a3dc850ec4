/** Short builders of `Field`s, so that the shape of a resource type reads as a table of its members. */
import type { Field, ObjectField } from "./model.ts";

type Members = Readonly<Record<string, Field>>;

/** Any text, or text that matches `pattern`. */
export function str(pattern?: RegExp): Field {
  return pattern === undefined ? { kind: "string" } : { kind: "string", pattern };
}

/** Text that ARM accepts and never returns. */
export function secretStr(): Field {
  return { kind: "string", secret: true };
}

/** One of Azure's enum values (compared without regard to case, as ARM does). */
export function oneOf(...values: readonly string[]): Field {
  return { kind: "string", oneOf: values };
}

/** A whole number, with inclusive bounds where Azure states them. */
export function int(min?: number, max?: number): Field {
  return {
    kind: "integer",
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}

export function bool(): Field {
  return { kind: "boolean" };
}

export function list(of: Field, maxItems?: number): Field {
  return maxItems === undefined ? { kind: "list", of } : { kind: "list", of, maxItems };
}

/** An object with free keys (tags, user-assigned identities). */
export function map(of: Field): Field {
  return { kind: "map", of };
}

/** An object whose members are all known; any other member is refused. */
export function obj(members: Members): ObjectField {
  return { kind: "object", members };
}

/** Any JSON value: for members whose content this control plane has no rule for. */
export function anything(): Field {
  return { kind: "any" };
}

/** Any JSON value that ARM accepts and never returns (`protectedSettings`). */
export function secretAnything(): Field {
  return { kind: "any", secret: true };
}

/** A reference to another resource, `{ "id": "<ARM id>" }`; what a client read along with the id is ignored. */
export function ref(): ObjectField {
  return obj({ id: str(), ...readOnlyMembers("name", "type", "etag", "location", "properties", "resourceGroup") });
}

/** The same field, but a request without it is refused. */
export function required<F extends Field>(field: F): F {
  return { ...field, required: true };
}

/** The same field, accepted in requests and ignored. */
export function readOnly<F extends Field>(field: F): F {
  return { ...field, readOnly: true };
}

/** Members that ARM itself returned and clients send back: accepted and ignored, whatever they hold. */
export function readOnlyMembers(...names: readonly string[]): Members {
  return Object.fromEntries(names.map((name) => [name, readOnly(anything())]));
}

/** `tags`, as on every tracked resource. */
export function tags(): Field {
  return map(str());
}

/** Body of a PATCH that takes tags alone. */
export const tagsObject: ObjectField = obj({ tags: tags() });

/** Managed identity block, as on every resource that can have one. */
export function identity(): ObjectField {
  return obj({
    type: oneOf("None", "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"),
    userAssignedIdentities: map(anything()),
    ...readOnlyMembers("principalId", "tenantId"),
  });
}

/**
 * Top level of a tracked resource: `location`, `tags`, `properties` and what else the type has.
 * `id`, `name`, `type`, `etag`, `systemData` are ARM's own and ignored in requests.
 */
export function tracked(properties: ObjectField, more: Members = {}): ObjectField {
  return obj({ location: str(), tags: tags(), properties, ...more, ...envelope() });
}

/** Top level of a child or extension resource: `properties` and what else the type has, no location or tags. */
export function proxy(properties: ObjectField, more: Members = {}): ObjectField {
  return obj({ properties, ...more, ...envelope() });
}

function envelope(): Members {
  return readOnlyMembers("id", "name", "type", "etag", "systemData");
}
