import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject } from "../../arm/json.ts";
import { isUnknown, parseUrn, unknown } from "../protocol.ts";
import type { CheckFailure, CheckQuery } from "../provider.ts";
import type { ResourceType } from "./resourceTypes.ts";
import type { SdkMembers, SdkType, SdkTypings } from "./sdkTypings.ts";
import { nestedRulesOf, ruleViolations, type ValueRule, type ValueRules } from "./valueRules.ts";

/**
 * azure-native's own mark in the inputs: the name is random, so a replacement can be created before the old resource is
 * deleted.
 */
export const createBeforeDelete = "__createBeforeDelete";

/** Completes the inputs: name, location and API version if the program does not set them. */
export async function withDefaults(
  type: ResourceType,
  query: CheckQuery,
  locationOf: (resourceGroup: string) => Promise<string | undefined>,
): Promise<JsonObject> {
  const inputs = { ...query.news };
  const named = type.pathArgs.at(-1);
  if (named !== undefined && type.path.endsWith(`{${named.name}}`) && inputs[named.name] === undefined) {
    const chosen = chooseName(type, query, named.name);
    if (chosen !== undefined) {
      inputs[named.name] = chosen.name;
      if (chosen.random) inputs[createBeforeDelete] = true;
    }
  }
  if (type.bodyArgs.has("location") && inputs.location === undefined) {
    const location =
      query.olds.location ?? query.config.location ?? (await locationFromGroup(inputs.resourceGroupName, locationOf));
    if (location !== undefined) inputs.location = location;
  }
  inputs.azureApiVersion ??= type.apiVersion;
  return inputs;
}

async function locationFromGroup(
  group: Json | undefined,
  locationOf: (resourceGroup: string) => Promise<string | undefined>,
): Promise<Json | undefined> {
  if (isUnknown(group)) return unknown;
  return typeof group === "string" ? await locationOf(group) : undefined;
}

/**
 * Chooses a name for a resource without one: the old name, otherwise the engine's proposal, otherwise the logical name
 * - followed by eight random hex digits for a top-level resource, unchanged for a child; for a role assignment, a GUID.
 */
function chooseName(type: ResourceType, query: CheckQuery, key: string): { name: Json; random: boolean } | undefined {
  const old = query.olds[key];
  if (old !== undefined) return { name: old, random: query.olds[createBeforeDelete] === true };
  const { autonaming } = query;
  if (autonaming?.mode === "disable") return undefined;
  if (autonaming?.mode === "enforce") return { name: autonaming.proposedName, random: true };
  if (key === "roleAssignmentName") return { name: randomGuid(query.randomSeed), random: true };
  if (autonaming?.mode === "propose") return { name: autonaming.proposedName, random: true };
  const { name } = parseUrn(query.urn);
  const ownPath = type.path.split(/\/providers\//i).at(-1) ?? "";
  const isTopLevel = !type.path.includes("/providers/") || ownPath.split("{").length === 2;
  return isTopLevel ? { name: name + randomHex(query.randomSeed, 8), random: true } : { name, random: false };
}

/** Derived from the engine's seed, so that a preview and the following `up` choose the same name. */
function randomHex(seed: Uint8Array, digits: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, digits);
}

function randomGuid(seed: Uint8Array): string {
  return randomHex(seed, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * Checks completed inputs, with the checks and messages of pulumi-azure-native's `validateProperty` (provider.go):
 * required members, strings and numbers with their limits, and arrays. A boolean or an object in place of another type
 * passes.
 */
export function checkInputs(type: ResourceType, inputs: JsonObject, typings: SdkTypings): CheckFailure[] {
  const reasons: string[] = [];
  const missing = (path: string): void => {
    const hint =
      path === "location"
        ? ". Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'."
        : "";
    reasons.push(`missing required property '${path}'${hint}`);
  };

  const checkValue = (path: string, wanted: SdkType, value: Json, rule: ValueRule = {}): void => {
    if (isUnknown(value) || wanted.kind === "any") return;
    if (Array.isArray(value)) {
      if (wanted.kind !== "list") reasons.push(wrongType(path, typeName(wanted, rule), "an array"));
      else for (const [index, item] of value.entries()) checkValue(`${path}[${index}]`, wanted.of, item);
    } else if (isObject(value)) {
      if (wanted.kind !== "object") return;
      checkMembers(`${path}.`, typings.object(wanted.name), value, nestedRulesOf(wanted.name));
    } else if (typeof value === "string" || typeof value === "number") {
      if (typeof value !== wanted.kind) reasons.push(wrongType(path, typeName(wanted, rule), `a ${typeof value}`));
      else reasons.push(...ruleViolations(path, value, rule));
    }
  };

  const checkMembers = (path: string, members: SdkMembers, values: JsonObject, rules: ValueRules = {}): void => {
    for (const [name, { type: wanted, required }] of members) {
      const value = values[name];
      if (value !== undefined) checkValue(path + name, wanted, value, rules[name]);
      else if (required) missing(path + name);
    }
  };

  for (const { name, required } of type.pathArgs) {
    const value = inputs[name];
    if (value !== undefined) checkValue(name, { kind: "string" }, value, type.valueRules?.[name]);
    else if (required || type.path.includes(`{${name}}`)) missing(name);
  }
  checkMembers("", type.bodyArgs, inputs, type.valueRules);
  return reasons.map((reason) => ({ property: "", reason }));
}

function wrongType(path: string, wanted: string, found: string): string {
  return `'${path}' should be of type '${wanted}' but got ${found}`;
}

/** Returns the name of the type in the REST spec. */
function typeName({ kind }: SdkType, rule: ValueRule): string {
  if (kind === "number" && rule.integer === true) return "integer";
  return kind === "list" ? "array" : kind === "map" ? "object" : kind;
}
