import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import structMessages from "google-protobuf/google/protobuf/struct_pb.js";
import type { Json, JsonObject } from "../arm/json.ts";

/**
 * The value on the wire for a value that is unknown before `up` (pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go).
 */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine has one such value per type; a provider may return the one for strings for any type. */
const unknowns = new Set<Json>([
  unknown,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function isUnknown(value: Json | undefined): boolean {
  return value !== undefined && unknowns.has(value);
}

/** Marks a wrapped value, such as a secret. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a value is a secret in the form used on the wire and in a state. */
export function isSecret(value: JsonObject): boolean {
  return value[signatureKey] === secretSignature;
}

/** Returns a secret in the form read by `pulumi stack import` (pulumi/pulumi, pkg/resource/stack/deployment.go). */
export function secretOf(value: Json): JsonObject {
  return { [signatureKey]: secretSignature, plaintext: JSON.stringify(value) };
}

/** Shown by the engine's events instead of a secret. As an old input, it is a value that is not known. */
export const hiddenSecret = "[secret]";

/**
 * Returns the members of a message as JSON, without nulls, which the engine sends for undefined inputs. Secrets are
 * unwrapped: like azure-native, the bridge does not accept them, so the engine marks the outputs itself.
 */
export function fromStruct(struct: Struct | undefined): JsonObject {
  return struct === undefined ? {} : (plain(struct.toJavaScript()) as JsonObject);
}

function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value) && value.value !== undefined) return plain(value.value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, plain(member)]),
  );
}

export function toStruct(value: JsonObject): Struct {
  return structMessages.Struct.fromJavaScript(value);
}

/** Returns the type token and logical name in a resource's URN: `urn:pulumi:stack::project::parent$type::name`. */
export function parseUrn(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}

/** The resource was created or changed, but the operation did not succeed. The engine stores the included state. */
export class InitFailedError extends Error {
  readonly id: string;
  /** State of the resource that could be read afterwards. */
  readonly state: JsonObject | undefined;
  readonly inputs: JsonObject;
  constructor(message: string, id: string, state: JsonObject | undefined, inputs: JsonObject) {
    super(message);
    this.name = "InitFailedError";
    this.id = id;
    this.state = state;
    this.inputs = inputs;
  }
}
