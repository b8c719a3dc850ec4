/**
 * The resource types according to Microsoft's SDK packages: the members of each model, which of them are required or
 * read-only, the values of enumerations, and the API versions that clients send. `npm run models` writes them from the
 * packages to `models/`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { reference } from "./commonFields.ts";
import type { Field, ObjectField } from "./field.ts";

/** The models of one namespace's types. */
export interface SdkModels {
  /** Source packages, such as `azure-mgmt-network 33.1.0`. */
  readonly packages: readonly string[];
  /** API versions that all of its types have, oldest first. */
  readonly releases: readonly string[];
  /** Additional API versions of a resource type, including types that this sandbox does not have. */
  readonly apiVersions: Readonly<Record<string, readonly string[]>>;
  /** The same for lists of things that are not resources (`Microsoft.Compute/locations/vmSizes`). */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /**
   * By name: the values of an enumeration, or the members of an object. A member is written as `required readonly
   * Subnet[]`: its type, followed by `[]` for a list or `{}` for a map. `reference:Subnet` is a resource that is
   * referred to by its id.
   */
  readonly models: Readonly<Record<string, readonly string[] | Readonly<Record<string, string>>>>;
}

/** Facts about members that the SDKs lack, by model and name (`BastionHostIPConfiguration.name`). */
export type Refinements = Readonly<Record<string, Refinement>>;

export interface Refinement {
  /** `integer` for a number; `string` for an enumeration that lists only some of the values. */
  readonly kind?: "integer" | "string";
  readonly required?: boolean;
  readonly readOnly?: boolean;
  /** ARM accepts it and never returns it. */
  readonly secret?: boolean;
  /** Missing in the model: it exists in an API version that a client still sends, and Azure ignores it. */
  readonly ignored?: boolean;
  /** Inclusive. */
  readonly min?: number;
  readonly max?: number;
  readonly maxItems?: number;
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

const folder = join(import.meta.dirname, "models");
const read = new Map<string, SdkModels>();

/** Returns the models of a resource provider. @throws Error if `npm run models` has not written them. */
export function sdkModels(namespace: string): SdkModels {
  const known = read.get(namespace);
  if (known !== undefined) return known;
  const file = join(folder, `${namespace}.json`);
  const models = JSON.parse(readFileSync(file, "utf8")) as SdkModels;
  read.set(namespace, models);
  return models;
}

/**
 * Returns the API versions of a type or a list in the SDKs, even if this sandbox does not have it; undefined if no SDK
 * has it.
 */
export function sdkVersions(type: string): { of: "resources" | "list"; versions: readonly string[] } | undefined {
  const namespaces = readdirSync(folder).map((file) => file.slice(0, -".json".length));
  const namespace = namespaces.find((one) => type.toLowerCase().startsWith(`${one.toLowerCase()}/`));
  if (namespace === undefined) return undefined;
  const { releases, apiVersions, lists } = sdkModels(namespace);
  const find = (known: SdkModels["lists"]): readonly string[] | undefined => {
    const own = Object.entries(known).find(([name]) => name.toLowerCase() === type.toLowerCase())?.[1];
    return own === undefined ? undefined : [...releases, ...own].sort();
  };
  const [resources, list] = [find(apiVersions), find(lists)];
  if (resources !== undefined) return { of: "resources", versions: resources };
  return list === undefined ? undefined : { of: "list", versions: list };
}

/** Returns the values of an enumeration in the SDKs. */
export function valuesOf(namespace: string, name: string): readonly string[] {
  const values = sdkModels(namespace).models[name];
  if (values === undefined || !isValues(values)) throw new Error(`The SDK models have no values "${name}".`);
  return values;
}

/** One member of a model. */
export interface SdkMember {
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly type: SdkType;
}

export type SdkType =
  | { readonly kind: "string" | "number" | "boolean" | "any" | "reference" }
  | { readonly kind: "integer"; readonly min?: number; readonly max?: number }
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | { readonly kind: "object"; readonly model: string }
  | { readonly kind: "list" | "map"; readonly of: SdkType };

/** Returns the members of a model. @throws Error for an unknown name. */
export function membersOf(models: SdkModels, model: string): ReadonlyMap<string, SdkMember> {
  const members = models.models[model];
  if (members === undefined || isValues(members)) throw new Error(`The SDK models have no object "${model}".`);
  return new Map(Object.entries(members).map(([name, text]) => [name, memberOf(models, text)]));
}

function memberOf(models: SdkModels, text: string): SdkMember {
  const [, required, readOnly, type = ""] = /^(required )?(readonly )?(.+)$/.exec(text) ?? [];
  return { required: required !== undefined, readOnly: readOnly !== undefined, type: typeOf(models, type) };
}

function typeOf(models: SdkModels, text: string): SdkType {
  if (text.endsWith("[]")) return { kind: "list", of: typeOf(models, text.slice(0, -2)) };
  if (text.endsWith("{}")) return { kind: "map", of: typeOf(models, text.slice(0, -2)) };
  if (text.startsWith("reference:")) return { kind: "reference" };
  if (text === "string" || text === "number" || text === "boolean" || text === "any") return { kind: text };
  const integer = /^integer(?:\((\d*)\.\.(\d*)\))?$/.exec(text);
  if (integer !== null) {
    const [, min, max] = integer;
    return { kind: "integer", ...(min && { min: Number(min) }), ...(max && { max: Number(max) }) };
  }
  const values = models.models[text];
  if (values !== undefined && isValues(values)) return { kind: "enum", values };
  return { kind: "object", model: text };
}

function isValues(model: SdkModels["models"][string]): model is readonly string[] {
  return Array.isArray(model);
}

/**
 * Returns the shape of the bodies that a model describes. Models can be circular, so members are created on demand.
 * @param shown the model of Azure's responses, if it is a different one: members that only it has are read-only.
 */
export function shapeOf(models: SdkModels, model: string, refinements: Refinements, shown = model): ObjectField {
  return objectOf(models, model, refinements, {}, shown);
}

function objectOf(
  models: SdkModels,
  model: string,
  refinements: Refinements,
  own: Refinement,
  shown = model,
): ObjectField {
  let made: ObjectField["members"] | undefined;
  return {
    kind: "object",
    ...(own.required === undefined ? {} : { required: own.required }),
    get members() {
      made ??= fieldsOf(models, model, refinements, shown);
      return made;
    },
  };
}

function fieldsOf(models: SdkModels, model: string, refinements: Refinements, shown: string): ObjectField["members"] {
  const fields: Record<string, Field> = {};
  const shownMembers = membersOf(models, shown);
  for (const name of [...shownMembers.keys(), ...ignoredMembers(model, refinements)]) {
    fields[name] = { kind: "any", readOnly: true };
  }
  for (const [name, { required, readOnly, type }] of membersOf(models, model)) {
    const own = refinements[`${model}.${name}`] ?? {};
    if (own.readOnly ?? readOnly) continue;
    const inside = shownMembers.get(name)?.type;
    fields[name] =
      type.kind === "object" && inside?.kind === "object"
        ? objectOf(models, type.model, refinements, { required, ...own }, inside.model)
        : fieldOf(models, type, refinements, { required, ...own });
  }
  return fields;
}

function ignoredMembers(model: string, refinements: Refinements): string[] {
  return Object.entries(refinements).flatMap(([path, { ignored }]) =>
    ignored === true && path.startsWith(`${model}.`) ? [path.slice(model.length + 1)] : [],
  );
}

function fieldOf(models: SdkModels, type: SdkType, refinements: Refinements, own: Refinement): Field {
  switch (type.kind) {
    case "object":
      return objectOf(models, type.model, refinements, own);
    case "list":
    case "map":
      return { ...own, kind: type.kind, of: fieldOf(models, type.of, refinements, {}) };
    case "enum":
      return { ...(own.kind === undefined && { oneOf: type.values }), ...own, kind: "string" };
    case "reference":
      return { ...reference, ...own, kind: "object" };
    case "integer":
      return { ...type, ...own };
    case "number":
      return { ...own, kind: own.kind === "integer" ? "integer" : "number" };
    default:
      return { ...own, kind: type.kind };
  }
}
