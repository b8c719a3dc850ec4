import type { Json } from "../../arm/json.ts";

/** Limits of a string or a number in the REST spec. */
export interface ValueRule {
  /** In characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Regular expression, as in the spec. */
  readonly pattern?: string;
  /** Inclusive, like `maximum`. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Whether the spec has `integer`, which the SDK's typings show as `number`. */
  readonly integer?: boolean;
}

/** Rules by the SDK name of the member. */
export type ValueRules = Readonly<Record<string, ValueRule>>;

export const integer: ValueRule = { integer: true };
const between = (minimum: number, maximum: number): ValueRule => ({ integer: true, minimum, maximum });
/** Name of a resource group, as declared in most specs. */
export const groupName: ValueRule = { minLength: 1, maxLength: 90 };
export const patternedGroupName: ValueRule = { ...groupName, pattern: "^[-\\w\\._\\(\\)]+$" };
const notNegative: ValueRule = { minimum: 0 };
const port = between(0, 65_535);

/**
 * Nested types with rules, by SDK name without `Args`. Source: azure-rest-api-specs at the API versions of the types
 * that contain them.
 */
export const nestedValueRules: Readonly<Record<string, ValueRules>> = {
  "compute.DataDisk": { lun: integer, diskSizeGB: integer },
  "compute.OSDisk": { diskSizeGB: integer },
  "monitor.MicrosoftCommonRetentionPolicy": { days: { integer: true, minimum: 0 } },
  "network.NetworkInterfaceIPConfiguration": { privateIPAddressPrefixLength: between(1, 128) },
  "security.JitNetworkAccessPortRule": { number: port },
  "security.JitNetworkAccessRequestPort": { number: port, mappedPort: integer },
  "storage.AccountImmutabilityPolicyProperties": { immutabilityPeriodSinceCreationInDays: between(1, 146_000) },
  "storage.ChangeFeed": { retentionInDays: between(1, 146_000) },
  "storage.DateAfterCreation": {
    daysAfterCreationGreaterThan: notNegative,
    daysAfterLastTierChangeGreaterThan: notNegative,
  },
  "storage.DateAfterModification": {
    daysAfterCreationGreaterThan: notNegative,
    daysAfterLastAccessTimeGreaterThan: notNegative,
    daysAfterLastTierChangeGreaterThan: notNegative,
    daysAfterModificationGreaterThan: notNegative,
  },
  "storage.DeleteRetentionPolicy": { days: between(1, 365) },
  "storage.RestorePolicyProperties": { days: between(1, 365) },
  "storage.TagFilter": { name: { minLength: 1, maxLength: 128 }, value: { maxLength: 256 } },
};

/** @param name a nested SDK type, e.g. `storage.TagFilterArgs`. */
export function nestedRulesOf(name: string): ValueRules | undefined {
  return nestedValueRules[name.replace(/Args$/, "")];
}

/**
 * Returns the violations of a value of the right type, with pulumi-azure-native's messages (provider.go,
 * `validateProperty`).
 */
export function ruleViolations(path: string, value: Json, rule: ValueRule): string[] {
  if (typeof value === "string") return stringViolations(path, value, rule);
  return typeof value === "number" ? numberViolations(path, value, rule) : [];
}

function stringViolations(path: string, value: string, { minLength, maxLength, pattern }: ValueRule): string[] {
  const violations: string[] = [];
  const length = Buffer.byteLength(value);
  if (minLength !== undefined && length < minLength) {
    violations.push(`'${path}' is too short (${length}): at least ${minLength} characters required`);
  }
  if (maxLength !== undefined && length > maxLength) {
    violations.push(`'${path}' is too long (${length}): at most ${maxLength} characters allowed`);
  }
  if (pattern !== undefined && !new RegExp(pattern).test(value)) {
    violations.push(`'${path}' does not match expression '${pattern}'`);
  }
  return violations;
}

function numberViolations(path: string, value: number, { integer: whole, minimum, maximum }: ValueRule): string[] {
  const violations: string[] = [];
  if (whole === true && !Number.isInteger(value)) {
    violations.push(`'${path}' must be an integer but got ${value.toFixed(6)}`);
  }
  if (minimum !== undefined && value < minimum) {
    violations.push(`'${path}' is too low (${value.toFixed(6)} < ${minimum.toFixed(6)})`);
  }
  if (maximum !== undefined && value > maximum) {
    violations.push(`'${path}' is too high (${value.toFixed(6)} > ${maximum.toFixed(6)})`);
  }
  return violations;
}
