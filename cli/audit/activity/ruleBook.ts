import { bastionNsgRules } from "@bastion-trail/core/rules/bastionNsgRules";
import { isJitName } from "@bastion-trail/core/rules/jitName";
import { denyBastionSubnet, denyManagementPorts } from "@bastion-trail/core/rules/standingRules";
import type { WrittenRule } from "./types.ts";

/** A write of a network security group or of one rule in it. */
export interface RuleWrite {
  /** ARM id of the group or of the rule. */
  readonly resource: string | null;
  readonly action: "write" | "delete";
  /** The rules that the write states; null if the log does not show them. */
  readonly rules: readonly WrittenRule[] | null;
}

/** How a write changed the rules, judged from the events before it. */
export interface RuleChange {
  /** Rules that are new or changed; null if the log does not show what was written. */
  readonly written: readonly WrittenRule[] | null;
  /** Rules that were deleted or changed, as they were before; null if something was deleted and the log does not show what. */
  readonly removed: readonly WrittenRule[] | null;
}

/**
 * The rules of every network security group, as known from the log so far. A write of a whole group repeats its existing rules:
 * a caller who repeats a rule has opened nothing.
 */
export class RuleBook {
  readonly #groups = new Map<string, Map<string, WrittenRule>>();

  /** Returns what a write changes. Must be called in order, after all earlier writes were applied. */
  changeBy({ resource, action, rules }: RuleWrite): RuleChange {
    const place = placeOf(resource);
    const known = this.#groups.get(place.group) ?? new Map<string, WrittenRule>();
    if (action === "delete") {
      const gone = place.rule === undefined ? [...known.values()] : known.get(place.rule);
      return { written: [], removed: gone === undefined ? null : [gone].flat() };
    }
    if (rules === null) return { written: null, removed: place.rule === undefined ? null : [] };
    const written = rules.filter((rule) => !isSameRule(rule, known.get(keyOf(rule))));
    const stated = new Set(rules.map(keyOf));
    const removed = [...known].filter(([name, rule]) =>
      stated.has(name) ? written.some((one) => keyOf(one) === keyOf(rule)) : place.rule === undefined,
    );
    return { written, removed: removed.map(([, rule]) => rule) };
  }

  apply({ resource, action, rules }: RuleWrite): void {
    const place = placeOf(resource);
    const known = this.#groups.get(place.group) ?? new Map<string, WrittenRule>();
    if (action === "delete") {
      if (place.rule === undefined) this.#groups.delete(place.group);
      else known.delete(place.rule);
      return;
    }
    if (rules !== null) {
      if (place.rule === undefined) known.clear();
      rules.forEach((rule) => known.set(keyOf(rule), rule));
    } else if (place.rule !== undefined) {
      known.set(place.rule, unseenRule(place.rule));
    } else {
      return;
    }
    this.#groups.set(place.group, known);
  }

  /** Returns the rules of the group that a resource is or belongs to; `undefined` if the log has not shown the group yet. */
  rulesIn(resource: string | null): readonly WrittenRule[] | undefined {
    const known = this.#groups.get(placeOf(resource).group);
    return known && [...known.values()];
  }
}

/** A rule after a write whose content the log does not show: it may be anything. */
function unseenRule(name: string): WrittenRule {
  return {
    name,
    access: null,
    direction: null,
    priority: null,
    protocol: null,
    sources: [],
    destinations: [],
    ports: [],
    sourcePorts: [],
    description: null,
    jitName: isJitName(name),
  };
}

/** Returns the group that a resource is or belongs to, in lower case. */
export function groupIdOf(resource: string | null): string {
  return placeOf(resource).group;
}

/** Returns whether a write is of a whole group. */
export function isOfGroup({ resource }: Pick<RuleWrite, "resource">): boolean {
  return placeOf(resource).rule === undefined;
}

/**
 * Returns whether rules are exactly those of this project's deployments: standing denies of a VM's group, or all eight rules of
 * the Bastion subnet's group. Another caller who writes the same opens nothing more.
 */
export function areOfDeployment(rules: readonly WrittenRule[]): boolean {
  const isBastionGroup =
    bastionRules.every((wanted) => rules.some((rule) => isSameBut(wanted, rule))) &&
    rules.length === bastionRules.length;
  return isBastionGroup || rules.every(isStandingDeny);
}

/** Returns whether only the group of a JIT VM has a rule like this. */
export function isOfJitVm(rule: WrittenRule): boolean {
  return isStandingDeny(rule) || isJitName(rule.name);
}

function isStandingDeny(rule: WrittenRule): boolean {
  const { name, access, direction, priority, protocol, sources, destinations, sourcePorts } = rule;
  const [management, bastion] = [denyManagementPorts, denyBastionSubnet].map(
    (one) => one.name === name && one.priority === priority,
  );
  return (
    access === "deny" &&
    direction === "inbound" &&
    protocol === "*" &&
    destinations.join() === "*" &&
    sourcePorts.join() === "*" &&
    ((management === true && sources.join() === "*") || (bastion === true && sources.length === 1))
  );
}

const bastionRules: readonly Omit<WrittenRule, "description" | "jitName">[] = bastionNsgRules().map((rule) => ({
  name: rule.name,
  access: "allow",
  direction: rule.direction === "Inbound" ? "inbound" : "outbound",
  priority: rule.priority,
  protocol: rule.protocol.toLowerCase(),
  sources: [rule.sourceAddressPrefix],
  destinations: [rule.destinationAddressPrefix],
  ports: rule.destinationPortRanges ?? [rule.destinationPortRange ?? ""],
  sourcePorts: [rule.sourcePortRange],
}));

/**
 * Compares a rule with one of the Bastion subnet's. Outbound ports may differ, because custom ports of VMs are added to them.
 */
function isSameBut(wanted: (typeof bastionRules)[number], rule: WrittenRule): boolean {
  const ports = wanted.direction === "outbound" ? rule.ports : wanted.ports;
  return wanted.name === rule.name && isSameRule({ ...rule, ...wanted, ports }, rule);
}

function isSameRule(one: WrittenRule, other: WrittenRule | undefined): boolean {
  const facts = ["access", "direction", "priority", "protocol"] as const;
  const lists = ["sources", "destinations", "ports", "sourcePorts"] as const;
  return (
    other !== undefined &&
    facts.every((fact) => one[fact] === other[fact]) &&
    lists.every((list) => textOf(one[list]) === textOf(other[list]))
  );
}

function textOf(list: readonly string[]): string {
  return list
    .map((text) => singleOf(text.toLowerCase()))
    .sort()
    .join();
}

/** Returns a range of one address or port as that address or port: `10.0.0.4/32`, `22-22`. */
function singleOf(range: string): string {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(range) ?? [];
  if (first !== undefined && first === last) return first;
  return range.replace(range.includes(":") ? /\/128$/ : /\/32$/, "");
}

function keyOf({ name }: WrittenRule): string {
  return name?.toLowerCase() ?? "";
}

function placeOf(resource: string | null): { readonly group: string; readonly rule: string | undefined } {
  const [group = "", rule] = (resource ?? "").toLowerCase().split("/securityrules/");
  return { group, rule };
}
