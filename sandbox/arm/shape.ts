import { DetailedArmError } from "./errors.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { ArmError } from "./armError.ts";
import type { Field, ObjectField } from "./field.ts";
import type { Refusals } from "./typeRules.ts";

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly target: string;
}

/** Top-level members that a client may send back as received; ARM ignores them. */
const envelope = new Set(["id", "name", "type", "etag", "systemData"]);

/**
 * Checks a request body against a type's shape: unknown members, wrong types, values outside an enumeration, pattern or
 * range, and missing members.
 * @param options.partial for a PATCH body: nothing is required, and null removes a member.
 * @param options.refusals the provider's, if it reads what is inside the members itself.
 * @returns the body without the members that ARM ignores: read-only ones and the envelope.
 * @throws ArmError InvalidRequestContent or InvalidRequestFormat (or InvalidParameter for a value out of range) with all
 * problems under `details`. The messages are those of the JSON.NET reader in ARM, without the line and position that it appends.
 */
export function readBody(
  body: JsonObject,
  shape: ObjectField,
  options: { partial?: boolean; refusals?: Refusals | undefined } = {},
): JsonObject {
  const problems: Problem[] = [];
  const own = Object.fromEntries(Object.entries(body).filter(([member]) => !envelope.has(member)));
  const read = readObject(own, shape, "", "ResourceDefinition", options.partial === true, problems);
  if (problems.length > 0) throw asError(problems, options.refusals);
  return read;
}

/** Separates the secret members of a shape from a body: ARM accepts them and never returns them. */
export function splitSecrets(
  body: JsonObject,
  shape: ObjectField,
): { body: JsonObject; secrets: JsonObject | undefined } {
  const open: JsonObject = {};
  const secrets: JsonObject = {};
  for (const [member, value] of Object.entries(body)) {
    const field = shape.members[member];
    if (field !== undefined && "secret" in field && field.secret) secrets[member] = value;
    else if (field?.kind === "object" && isObject(value)) {
      const inner = splitSecrets(value, field);
      open[member] = inner.body;
      if (inner.secrets !== undefined) secrets[member] = inner.secrets;
    } else open[member] = value;
  }
  return { body: open, secrets: Object.keys(secrets).length > 0 ? secrets : undefined };
}

function asError(problems: readonly Problem[], refusals: Refusals | undefined): ArmError {
  if (refusals?.unreadable !== undefined && problems.every(isInside)) {
    return refusals.unreadable(problems.map(({ message }) => message));
  }
  const first = problems[0] ?? { code: "InvalidRequestContent", message: "", target: "" };
  const message =
    first.code === "InvalidRequestContent"
      ? `The request content was invalid and could not be deserialized: '${first.message}'.`
      : first.message;
  return new DetailedArmError(
    400,
    first.code,
    message,
    problems.map((problem) => ({ ...problem })),
  );
}

/** Whether a problem is in a part of the body that ARM leaves to the provider: in a member, but not in a tag. */
function isInside({ code, target }: Problem): boolean {
  return code === "InvalidRequestContent" && target.includes(".") && !target.startsWith("tags.");
}

function readObject(
  value: JsonObject,
  field: ObjectField,
  path: string,
  typeName: string,
  partial: boolean,
  problems: Problem[],
): JsonObject {
  const result: JsonObject = {};
  for (const [member, inner] of Object.entries(value)) {
    const at = path === "" ? member : `${path}.${member}`;
    // ARM's reader matches members case-insensitively; they are stored in the spelling of the shape.
    const known = Object.hasOwn(field.members, member)
      ? member
      : Object.keys(field.members).find((name) => name.toLowerCase() === member.toLowerCase());
    const rule = known === undefined ? undefined : field.members[known];
    if (known === undefined || rule === undefined) {
      problems.push(content(`Could not find member '${member}' on object of type '${typeName}'. Path '${at}'.`, at));
    } else if (rule.readOnly !== true) {
      if (inner === null) {
        if (partial) result[known] = null;
      } else result[known] = readField(inner, rule, at, partial, problems);
    }
  }
  if (partial) return result;
  for (const [member, rule] of Object.entries(field.members)) {
    if (rule.required === true && result[member] === undefined) {
      problems.push(
        content(
          `Required property '${member}' not found in JSON. Path '${path}'.`,
          path === "" ? member : `${path}.${member}`,
        ),
      );
    }
  }
  return result;
}

function readField(value: Json, field: Field, path: string, partial: boolean, problems: Problem[]): Json {
  switch (field.kind) {
    case "any":
      return value;
    case "boolean":
      if (typeof value !== "boolean") problems.push(wrongType(value, "System.Boolean", path));
      return value;
    case "number":
      if (typeof value !== "number") problems.push(wrongType(value, "System.Double", path));
      return value;
    case "integer":
      readInteger(value, field, path, problems);
      return value;
    case "string":
      return readString(value, field, path, problems);
    case "list":
      return readList(value, field, path, problems);
    case "map": {
      if (!isObject(value))
        return reject(value, "System.Collections.Generic.IDictionary`2[System.String,System.Object]", path, problems);
      const entries = Object.entries(value).filter(([, inner]) => inner !== null);
      return Object.fromEntries(
        entries.map(([key, inner]) => [key, readField(inner, field.of, `${path}.${key}`, partial, problems)]),
      );
    }
    case "object": {
      const typeName = pascalCase(path);
      if (!isObject(value)) return reject(value, typeName, path, problems);
      return readObject(value, field, path, typeName, partial, problems);
    }
  }
}

function readInteger(value: Json, field: Extract<Field, { kind: "integer" }>, path: string, problems: Problem[]): void {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    problems.push(wrongType(value, "System.Int32", path));
    return;
  }
  const { min = -Infinity, max = Infinity } = field;
  if (value >= min && value <= max) return;
  const allowed = max === Infinity ? `${min} or more` : min === -Infinity ? `${max} or less` : `from ${min} to ${max}`;
  problems.push({
    code: "InvalidParameter",
    message: `The value '${value}' of parameter '${path}' is out of range. Allowed is ${allowed}.`,
    target: path,
  });
}

function readString(value: Json, field: Extract<Field, { kind: "string" }>, path: string, problems: Problem[]): Json {
  if (typeof value !== "string") return reject(value, "System.String", path, problems);
  if (field.oneOf !== undefined) {
    // Azure matches enumeration values case-insensitively and returns its own spelling.
    const known = field.oneOf.find((allowed) => allowed.toLowerCase() === value.toLowerCase());
    if (known !== undefined) return known;
    const type = pascalCase(path);
    problems.push(
      content(
        `Error converting value "${value}" to type '${type}'. Path '${path}'. Allowed values: ${field.oneOf.join(", ")}.`,
        path,
      ),
    );
  } else if (field.pattern?.test(value) === false) {
    problems.push({
      code: "InvalidParameter",
      message: `The value '${value}' of parameter '${path}' is invalid. It must match ${String(field.pattern)}.`,
      target: path,
    });
  }
  return value;
}

function readList(value: Json, field: Extract<Field, { kind: "list" }>, path: string, problems: Problem[]): Json {
  if (!Array.isArray(value)) return reject(value, "System.Collections.Generic.IList`1[System.Object]", path, problems);
  if (field.maxItems !== undefined && value.length > field.maxItems) {
    problems.push({
      code: "InvalidParameter",
      message: `The list '${path}' has ${value.length} items. The maximum is ${field.maxItems}.`,
      target: path,
    });
  }
  // A list in a PATCH replaces the whole list, so its items must be complete.
  return value.map((item, index) => readField(item, field.of, `${path}[${index}]`, false, problems));
}

function reject(value: Json, type: string, path: string, problems: Problem[]): Json {
  problems.push(wrongType(value, type, path));
  return value;
}

function wrongType(value: Json, type: string, path: string): Problem {
  return content(`Error converting value ${JSON.stringify(value)} to type '${type}'. Path '${path}'.`, path);
}

function content(message: string, target: string): Problem {
  return { code: "InvalidRequestContent", message, target };
}

/**
 * Converts `properties.ipConfigurations[0]` to `IpConfigurations`: a stand-in for the .NET class name, which is not
 * documented.
 */
function pascalCase(path: string): string {
  const last = path.slice(path.lastIndexOf(".") + 1).replace(/\[\d+\]$/, "");
  return last.charAt(0).toUpperCase() + last.slice(1);
}
