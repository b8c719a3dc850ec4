/** Checks of a single security rule, and of all rules of one NSG together. */
import { numberAt, objectsAt, textAt, textsAt, type JsonObject } from "../../json.ts";
import { badRequest, refuse, type ArmError } from "../../armError.ts";
import { parseRange } from "./addresses.ts";
import { missingReference } from "../references.ts";
import { isDefaultTag, isServiceTag } from "./serviceTags.ts";
import type { InlineChild } from "./inlineChildren.ts";

/** A range of ports, both ends inclusive. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Parses `*`, `22` or `1000-2000`; `undefined` for anything else. */
export function parsePortRange(text: string): PortRange | undefined {
  if (text === "*") return { from: 0, to: 65535 };
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from <= to && to <= 65535 ? { from, to } : undefined;
}

export function includesPort(text: string, port: number): boolean {
  const range = parsePortRange(text);
  return range !== undefined && range.from <= port && port <= range.to;
}

/**
 * Returns the values of a member that Azure accepts as one string or as a list (`sourceAddressPrefix`,
 * `sourceAddressPrefixes`).
 */
export function oneOrMany(properties: JsonObject, one: string, many: string): string[] {
  const single = textAt(properties, one);
  return single === undefined || single === "" ? textsAt(properties, many) : [single, ...textsAt(properties, many)];
}

/**
 * Checks a single rule.
 * @throws ArmError `SecurityRule...` with Azure's message, or `InvalidResourceReference`.
 */
export function checkRule(rule: InlineChild): void {
  const priority = numberAt(rule.properties, "priority");
  if (priority === undefined || priority < 100 || priority > 4096) {
    throw badRequest(
      "SecurityRuleInvalidPriority",
      `Security rule has invalid Priority. Value provided: ${priority ?? 0} Allowed range 100-4096.`,
    );
  }
  checkPorts(rule, "sourcePortRange", "sourcePortRanges");
  checkPorts(rule, "destinationPortRange", "destinationPortRanges");
  checkAddresses(rule, "sourceAddressPrefix", "sourceAddressPrefixes", "sourceApplicationSecurityGroups");
  checkAddresses(
    rule,
    "destinationAddressPrefix",
    "destinationAddressPrefixes",
    "destinationApplicationSecurityGroups",
  );
  checkFamilies(rule);
  // The sandbox has no application security groups, so that rules need not be evaluated for them.
  const [group] = ["sourceApplicationSecurityGroups", "destinationApplicationSecurityGroups"].flatMap((groups) =>
    objectsAt(rule.properties, groups),
  );
  if (group !== undefined) throw missingReference(textAt(group, "id") ?? "", rule);
  const description = textAt(rule.properties, "description") ?? "";
  if (description.length > 140) {
    throw badRequest(
      "SecurityRuleDescriptionTooLong",
      `Security rule description for rule with Id ${rule.id} is too long. Maximum length is 140 characters.`,
    );
  }
}

/**
 * Checks that no two rules of an NSG have the same priority and direction.
 * @throws ArmError `SecurityRuleConflict`.
 */
export function checkConflicts(rules: readonly InlineChild[]): void {
  const seen = new Map<string, InlineChild>();
  for (const rule of rules) {
    const place = `${textAt(rule.properties, "direction")?.toLowerCase() ?? ""} ${numberAt(rule.properties, "priority") ?? 0}`;
    const other = seen.get(place);
    if (other !== undefined) {
      throw badRequest(
        "SecurityRuleConflict",
        `Security rule ${other.name} conflicts with rule ${rule.name}. Rules cannot have the same Priority and Direction. To learn more, see aka.ms/nsgrules.`,
      );
    }
    seen.set(place, rule);
  }
}

/** Returns the rule's properties as Azure shows them: with the lists it always returns, and in its own spelling. */
export function completeRule(properties: JsonObject): JsonObject {
  return {
    ...properties,
    provisioningState: "Succeeded",
    protocol: cased(textAt(properties, "protocol"), ["Tcp", "Udp", "Icmp", "Esp", "Ah", "*"]),
    access: cased(textAt(properties, "access"), ["Allow", "Deny"]),
    direction: cased(textAt(properties, "direction"), ["Inbound", "Outbound"]),
    sourcePortRanges: textsAt(properties, "sourcePortRanges"),
    destinationPortRanges: textsAt(properties, "destinationPortRanges"),
    sourceAddressPrefixes: textsAt(properties, "sourceAddressPrefixes"),
    destinationAddressPrefixes: textsAt(properties, "destinationAddressPrefixes"),
  };
}

function cased(value: string | undefined, known: readonly string[]): string {
  return known.find((item) => item.toLowerCase() === value?.toLowerCase()) ?? value ?? "*";
}

function checkPorts(rule: InlineChild, one: string, many: string): void {
  const values = oneOrMany(rule.properties, one, many);
  if (values.length === 0) throw missing(rule, [capitalized(one), capitalized(many)]);
  const invalid = values.find((value) => parsePortRange(value) === undefined);
  if (invalid !== undefined) {
    throw badRequest(
      "SecurityRuleInvalidPortRange",
      `Security rule has invalid Port range. Value provided: ${invalid}. Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535.`,
    );
  }
}

function checkAddresses(rule: InlineChild, one: string, many: string, groups: string): void {
  const single = textAt(rule.properties, one);
  const several = textsAt(rule.properties, many);
  const hasGroups = Array.isArray(rule.properties[groups]) && rule.properties[groups].length > 0;
  if ((single === undefined || single === "") && several.length === 0 && !hasGroups) {
    throw missing(rule, [capitalized(many), capitalized(one), capitalized(groups)]);
  }
  // "The user must supply one or the other" (azure-rest-api-specs #1591); with which code Azure refuses both is not known.
  if (single !== undefined && single !== "" && several.length > 0) {
    refuse(`Security rule ${rule.id} must specify only one of ${capitalized(one)} and ${capitalized(many)}.`);
  }
  const tag = several.find(isDefaultTag);
  if (tag !== undefined) {
    throw badRequest(
      "SecurityRuleParameterContainsUnsupportedValue",
      `Security rule parameter ${capitalized(one)} for rule with Id ${rule.id} cannot specify existing VIRTUALNETWORK, INTERNET, AZURELOADBALANCER, '*' or system tags. Unsupported value used: ${tag}.`,
    );
  }
  const invalid = oneOrMany(rule.properties, one, many).find(
    (value) => !isDefaultTag(value) && !isServiceTag(value) && parseRange(value) === undefined,
  );
  if (invalid !== undefined) {
    throw badRequest(
      "SecurityRuleInvalidAddressPrefix",
      `Security rule has invalid Address prefix. Value provided: ${invalid}`,
    );
  }
}

/** gardener-extension-provider-azure #397. */
function checkFamilies({ id, properties }: InlineChild): void {
  const prefixes = [
    ...oneOrMany(properties, "sourceAddressPrefix", "sourceAddressPrefixes"),
    ...oneOrMany(properties, "destinationAddressPrefix", "destinationAddressPrefixes"),
  ];
  if (new Set(prefixes.flatMap((prefix) => parseRange(prefix)?.family ?? [])).size < 2) return;
  throw badRequest(
    "ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies",
    `Resource ${id} contains IP addresses or prefixes that belong to different address families. All IP addresses or prefixes in the resource should belong to the same address family.`,
  );
}

function missing(rule: InlineChild, parameters: readonly string[]): ArmError {
  return badRequest(
    "SecurityRuleParameterRequired",
    `Required security rule parameters are missing for security rule with Id: ${rule.id}. Security rule must specify ${parameters.join(", ").replace(/, ([^,]*)$/, " or $1")}.`,
  );
}

function capitalized(member: string): string {
  return member.charAt(0).toUpperCase() + member.slice(1);
}
