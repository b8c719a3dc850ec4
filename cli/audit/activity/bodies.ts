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

/** What the body of a JIT request says, and one sentence for each part of it that cannot be read. */
export interface ReadAsked {
  readonly asked: Asked;
  readonly wrong: readonly string[];
}

/** Reads the body of a JIT request. Returns `undefined` if it names no VM. */
export function askedOf(body: Members): ReadAsked | undefined {
  const wrong: string[] = [];
  const vms = listIn(body.get("virtualmachines")).flatMap((value): AskedVm[] => {
    const vm = bodyOf(value);
    const id = textOf(vm?.get("id"));
    if (id !== null)
      return [{ id: armIdOf(id), ports: listIn(vm?.get("ports")).flatMap((port) => askedPort(port, wrong)) }];
    wrong.push("A VM of its request has no id");
    return [];
  });
  return vms.length === 0 ? undefined : { asked: { vms, justification: textOf(body.get("justification")) }, wrong };
}

/** @param wrong is added to. */
function askedPort(value: unknown, wrong: string[]): AskedPort[] {
  const port = bodyOf(value);
  const written = textOf(port?.get("number"));
  const number = Number(written ?? NaN);
  if (port === undefined || !Number.isInteger(number)) {
    wrong.push(`A port of its request has no number${written === null ? "" : `: ${written.slice(0, 40)}`}`);
    return [];
  }
  const sources = textsIn(port, "allowedsourceaddressprefix", "allowedsourceaddressprefixes");
  const end = textOf(port.get("endtimeutc"));
  const until = instantOf(end);
  if (end !== null && until === null) {
    wrong.push(`The endTimeUtc of its request for port ${number} is not an ISO 8601 date: ${end.slice(0, 40)}`);
  }
  return [{ number, source: sources.join(", ") || null, until }];
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
  return listIn(value).flatMap((item) => (isObject(item) ? [membersOf(item)] : []));
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns the texts of a member that has two forms: a list, which wins if both are given, or a single text. */
function textsIn(members: Members, single: string, several: string): string[] {
  const list = members.get(several);
  const texts = Array.isArray(list) ? list.flatMap((item: unknown) => textOf(item) ?? []) : [];
  const one = textOf(members.get(single));
  return texts.length > 0 ? texts : one === null ? [] : [one];
}
