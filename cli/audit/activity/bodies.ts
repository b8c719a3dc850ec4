/** Reads the request bodies that the activity log keeps. Callers wrote them, so they may contain anything. */
import { isJitName } from "@bastion-trail/core/rules/jitName";
import { armIdOf, cut, instantOf, isObject, jsonObjectIn, textOf, type Members } from "../records/values.ts";
import type { Asked, AskedPort, AskedVm, WrittenRule } from "./types.ts";

/**
 * Returns a JSON text or value as an object, with its members keyed by their names in lower case; `undefined` if it is not an
 * object. Only these names count, because Azure knows no others: a caller could hide `sourceAddressPrefix` behind another spelling.
 * Of two members that differ in case the last counts, as of two equal ones and in .NET.
 */
export function bodyOf(value: unknown): Members | undefined {
  // Azure cuts off long texts, which are no JSON then.
  const body = isObject(value) ? value : jsonObjectIn(value);
  return body && new Map(Object.entries(body).map(([name, member]) => [name.toLowerCase(), member]));
}

/** What a body states, and one sentence for each part of it that cannot be read. */
export interface ReadBody<Stated> {
  /** `undefined` if it states nothing. */
  readonly stated: Stated | undefined;
  readonly wrong: readonly string[];
}

/** Reads the body of a JIT request. It states nothing if it names no VM. */
export function askedOf(body: Members): ReadBody<Asked> {
  const wrong: string[] = [];
  const vms = listIn(body, "virtualMachines", "its request", wrong).flatMap((value): AskedVm[] => {
    const vm = bodyOf(value);
    const id = textOf(vm?.get("id"));
    if (vm !== undefined && id !== null) {
      const ports = listIn(vm, "ports", "its request", wrong).flatMap((port) => askedPort(port, wrong));
      return [{ id: armIdOf(id), ports }];
    }
    wrong.push("A VM of its request has no id");
    return [];
  });
  return { stated: vms.length === 0 ? undefined : { vms, justification: textOf(body.get("justification")) }, wrong };
}

/** @param wrong is added to. */
function askedPort(value: unknown, wrong: string[]): AskedPort[] {
  const port = bodyOf(value);
  const written = textOf(port?.get("number"));
  const number = Number(written ?? NaN);
  if (port === undefined || written === null) {
    wrong.push("A port of its request has no number");
    return [];
  }
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    wrong.push(`A port of its request is not a port number: ${cut(written)}`);
    return [];
  }
  const sources = textsIn(port, "allowedSourceAddressPrefix", "allowedSourceAddressPrefixes", "its request", wrong);
  const end = textOf(port.get("endtimeutc"));
  const until = instantOf(end);
  if (end !== null && until === null) {
    wrong.push(`The endTimeUtc of its request for port ${number} is not an ISO 8601 date: ${cut(end)}`);
  }
  return [{ number, source: sources.join(", ") || null, until }];
}

/**
 * Reads the body of a write of one rule or of a whole network security group. It states nothing if it has neither a rule nor a list
 * of rules.
 * @param single the name of the one rule; null for a group.
 */
export function rulesOf(body: Members, single: string | null): ReadBody<readonly WrittenRule[]> {
  const wrong: string[] = [];
  const rule = single === null ? undefined : ruleOf(body, single, wrong);
  if (rule !== undefined) return { stated: [rule], wrong };
  const given = body.get("properties");
  const group = bodyOf(given);
  const written = textOf(given);
  if (group === undefined && written !== null)
    wrong.push(`Its body has properties that are no object: ${cut(written)}`);
  if (group?.has("securityrules") !== true) return { stated: undefined, wrong };
  const stated = listIn(group, "securityRules", "its group", wrong).flatMap((value) => {
    const member = bodyOf(value);
    const read = member === undefined ? undefined : ruleOf(member, null, wrong);
    if (read === undefined) wrong.push("A rule of its group has no properties");
    return read ?? [];
  });
  return { stated: Array.isArray(group.get("securityrules")) ? stated : undefined, wrong };
}

/**
 * Reads a rule. Returns `undefined` if it is something else. Azure refuses what is reported here, so that only a refused write or an
 * edited log has it.
 * @param wrong is added to.
 */
function ruleOf(body: Members, name: string | null, wrong: string[]): WrittenRule | undefined {
  const properties = bodyOf(body.get("properties"));
  if (properties === undefined) {
    return undefined;
  }
  const called = textOf(body.get("name")) ?? name;
  const of = called === null ? "a rule without a name" : `its rule ${cut(called)}`;
  const text = (member: string): string | null => textOf(properties.get(member.toLowerCase()));
  const isNot = (member: string, what: string): null => {
    const written = text(member);
    if (written !== null) wrong.push(`In ${of}, ${member} is not ${what}: ${cut(written)}`);
    return null;
  };
  const access = text("access")?.toLowerCase();
  const direction = text("direction")?.toLowerCase();
  const priority = Number(text("priority") ?? NaN);
  const texts = (single: string): string[] => textsIn(properties, single, plural(single), of, wrong);
  const groups = (end: string): string[] => idsIn(listIn(properties, `${end}ApplicationSecurityGroups`, of, wrong));
  return {
    name: called,
    access: access === "allow" || access === "deny" ? access : isNot("access", "Allow or Deny"),
    direction:
      direction === "inbound" || direction === "outbound" ? direction : isNot("direction", "Inbound or Outbound"),
    priority: Number.isFinite(priority) ? priority : isNot("priority", "a number"),
    protocol: text("protocol")?.toLowerCase() ?? null,
    sources: [...texts("sourceAddressPrefix"), ...groups("source")],
    destinations: [...texts("destinationAddressPrefix"), ...groups("destination")],
    ports: texts("destinationPortRange"),
    sourcePorts: orAll(texts("sourcePortRange")),
    description: text("description"),
    jitName: isJitName(called),
  };
}

/** Returns the name of a member's list: `sourceAddressPrefixes`, `sourcePortRanges`. */
function plural(single: string): string {
  return single.endsWith("x") ? `${single}es` : `${single}s`;
}

/** Azure refuses a rule without source ports (`SecurityRuleParameterRequired`), so a body without any is shortened. */
function orAll(ports: string[]): string[] {
  return ports.length === 0 ? ["*"] : ports;
}

function idsIn(groups: readonly unknown[]): string[] {
  return groups.flatMap((group) => textOf(bodyOf(group)?.get("id")) ?? []);
}

/**
 * Returns a member that is a list; empty for anything else.
 * @param of what has the member, for `wrong`, which is added to.
 */
function listIn(members: Members, name: string, of: string, wrong: string[]): readonly unknown[] {
  const value = members.get(name.toLowerCase());
  if (Array.isArray(value)) return value;
  const text = textOf(value);
  if (text !== null) wrong.push(`In ${of}, ${name} is not a list: ${cut(text)}`);
  return [];
}

/** Returns the texts of a member that has two forms: a list, which wins if both are given, or a single text. */
function textsIn(members: Members, single: string, several: string, of: string, wrong: string[]): string[] {
  const texts = listIn(members, several, of, wrong).flatMap((item) => textOf(item) ?? []);
  const one = textOf(members.get(single.toLowerCase()));
  return texts.length > 0 ? texts : one === null ? [] : [one];
}
