/** Reads the request bodies that the activity log keeps. Callers wrote them, so they may contain anything. */
import { isJitName } from "@bastion-trail/core/rules/jitName";
import { armIdOf, instantOf, isObject, jsonObjectIn, membersOf, textOf, type Members } from "../records/values.ts";
import type { Asked, AskedPort, AskedVm, WrittenRule } from "./types.ts";

/**
 * Returns a JSON text or value as an object, with its members keyed by their names in lower case; `undefined` if it is not an
 * object.
 */
export function bodyOf(value: unknown): Members | undefined {
  // Azure cuts off long texts, which are no JSON then.
  const body = isObject(value) ? value : jsonObjectIn(value);
  return body === undefined ? undefined : membersOf(body);
}

/** Reads the body of a JIT request. Returns `undefined` if it names no VM. */
export function askedOf(body: Members): Asked | undefined {
  const vms = objectsIn(body.get("virtualmachines")).flatMap((vm): AskedVm[] => {
    const id = textOf(vm.get("id"));
    return id === null ? [] : [{ id: armIdOf(id), ports: objectsIn(vm.get("ports")).flatMap(askedPort) }];
  });
  return vms.length === 0 ? undefined : { vms, justification: textOf(body.get("justification")) };
}

function askedPort(port: Members): AskedPort[] {
  const number = Number(textOf(port.get("number")) ?? NaN);
  const sources = textsIn(port, "allowedsourceaddressprefix", "allowedsourceaddressprefixes");
  return Number.isInteger(number)
    ? [{ number, source: sources.join(", ") || null, until: instantOf(textOf(port.get("endtimeutc"))) }]
    : [];
}

/** Reads the body of a write of one rule. Returns `undefined` if it is something else. */
export function ruleOf(body: Members, name: string | null): WrittenRule | undefined {
  const properties = bodyOf(body.get("properties"));
  if (properties === undefined) {
    return undefined;
  }
  const called = textOf(body.get("name")) ?? name;
  const word = (member: string): string | null => textOf(properties.get(member))?.toLowerCase() ?? null;
  const access = word("access");
  const direction = word("direction");
  const priority = Number(textOf(properties.get("priority")) ?? NaN);
  return {
    name: called,
    access: access === "allow" || access === "deny" ? access : null,
    direction: direction === "inbound" || direction === "outbound" ? direction : null,
    priority: Number.isFinite(priority) ? priority : null,
    protocol: word("protocol"),
    sources: [
      ...textsIn(properties, "sourceaddressprefix", "sourceaddressprefixes"),
      ...idsIn(properties.get("sourceapplicationsecuritygroups")),
    ],
    destinations: [
      ...textsIn(properties, "destinationaddressprefix", "destinationaddressprefixes"),
      ...idsIn(properties.get("destinationapplicationsecuritygroups")),
    ],
    ports: textsIn(properties, "destinationportrange", "destinationportranges"),
    sourcePorts: orAll(textsIn(properties, "sourceportrange", "sourceportranges")),
    description: textOf(properties.get("description")),
    jitName: isJitName(called),
  };
}

/**
 * Reads the rules in the body of a write of a whole network security group. Returns `undefined` if it is something else or
 * lists no rules.
 */
export function groupRulesOf(body: Members): readonly WrittenRule[] | undefined {
  const rules = bodyOf(body.get("properties"))?.get("securityrules");
  return Array.isArray(rules) ? objectsIn(rules).flatMap((rule) => ruleOf(rule, null) ?? []) : undefined;
}

/** Azure refuses a rule without source ports (`SecurityRuleParameterRequired`), so a body without any is shortened. */
function orAll(ports: string[]): string[] {
  return ports.length === 0 ? ["*"] : ports;
}

function idsIn(value: unknown): string[] {
  return objectsIn(value).flatMap((group) => textOf(group.get("id")) ?? []);
}

function objectsIn(value: unknown): Members[] {
  return Array.isArray(value) ? value.flatMap((item: unknown) => (isObject(item) ? [membersOf(item)] : [])) : [];
}

/** Returns the texts of a member that has two forms: a list, which wins if both are given, or a single text. */
function textsIn(members: Members, single: string, several: string): string[] {
  const list = members.get(several);
  const texts = Array.isArray(list) ? list.flatMap((item: unknown) => textOf(item) ?? []) : [];
  const one = textOf(members.get(single));
  return texts.length > 0 ? texts : one === null ? [] : [one];
}
