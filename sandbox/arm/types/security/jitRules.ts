import { createHash } from "node:crypto";
import { numberAt, objectAt, textAt, type JsonObject } from "../../json.ts";
import type { Resource, ResourceReader, ResourceStore } from "../../resource.ts";
import { ArmError, conflict } from "../../armError.ts";
import { ownerIdOf } from "../../ids.ts";
import { rulesOf, securityRuleType } from "../network/groupRules.ts";

/** The content of a JIT rule; the rest is derived from its policy and VM. */
export interface JitRule {
  readonly name: string;
  readonly access: "Allow" | "Deny";
  readonly description: string;
  readonly protocol: "Tcp" | "Udp" | "*";
  readonly ports: readonly string[];
  readonly source: string;
  readonly destination: string;
}

/**
 * Returns the rule that closes a VM's ports: `MicrosoftDefenderForCloud-JITRule_<int>_<32HEX>`; the integer can be
 * negative (Azure Sentinel and release notes #259166 samples).
 */
export function denyRule(policy: Named, vm: Named, ports: readonly number[], destination: string): JitRule {
  return {
    name: `MicrosoftDefenderForCloud-JITRule_${String(number32(policy.id))}_${hex32(`${policy.id} ${vm.id}`)}`,
    access: "Deny",
    description: `MDC JIT Network Access rule for policy '${policy.name}' of VM '${vm.name}'.`,
    protocol: "*",
    ports: ports.map(String),
    source: "*",
    destination,
  };
}

/**
 * Returns the rule that opens one port for a request: `…-JITRule-<int>-<32HEX>`. Its description is the old one ("ASC
 * JIT Network Access rule created by an initiation request …") with the current product name; not confirmed.
 */
export function allowRule(
  policy: Named,
  vm: Named,
  grant: { id: string; protocol: JitRule["protocol"]; port: number; source: string; destination: string },
): JitRule {
  return {
    name: `MicrosoftDefenderForCloud-JITRule-${String(number32(policy.id))}-${hex32(grant.id)}`,
    access: "Allow",
    description: `MDC JIT Network Access rule created by an initiation request for policy '${policy.name}' of VM '${vm.name}'.`,
    protocol: grant.protocol,
    ports: [String(grant.port)],
    source: grant.source,
    destination: grant.destination,
  };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Writes a rule into an NSG. An existing rule with the same name keeps its priority. */
export function writeRule(store: ResourceStore, nsgId: string, rule: JitRule): Resource {
  const nsg = store.get(nsgId);
  if (nsg === undefined) {
    throw new ArmError(404, "ResourceNotFound", `The network security group '${nsgId}' was not found.`);
  }
  const id = `${nsg.id}/securityRules/${rule.name}`;
  const existing = store.get(id);
  const priority = numberAt(existing?.body, "properties.priority") ?? freePriority(store, nsg.id, rule.access);
  const ports: JsonObject =
    rule.ports.length === 1
      ? { destinationPortRange: rule.ports[0] ?? "", destinationPortRanges: [] }
      : { destinationPortRanges: [...rule.ports] };
  const properties: JsonObject = {
    provisioningState: "Succeeded",
    description: rule.description,
    protocol: rule.protocol,
    sourcePortRange: "*",
    ...ports,
    sourceAddressPrefix: rule.source,
    destinationAddressPrefix: rule.destination,
    access: rule.access,
    priority,
    direction: "Inbound",
    sourcePortRanges: [],
    sourceAddressPrefixes: [],
    destinationAddressPrefixes: [],
  };
  return store.put({ id, type: securityRuleType, name: rule.name, body: { properties } });
}

/** Removes a rule from every NSG that has it. @returns those NSGs. */
export function removeRule(store: ResourceStore, nsgIds: readonly string[], name: string): string[] {
  return nsgIds.filter((nsgId) => {
    const id = `${nsgId}/securityRules/${name}`;
    const found = store.get(id) !== undefined;
    store.delete(id);
    return found;
  });
}

/**
 * Returns the NSGs that have a rule with this name, including those that were used by an earlier form of the VM's NIC.
 */
export function nsgsWithRule(store: ResourceReader, name: string): string[] {
  return store
    .ofType(securityRuleType)
    .filter((rule) => rule.name === name)
    .map((rule) => ownerIdOf(rule.id));
}

/** Returns the body of Defender's PUT of the NSG, with all its rules. */
export function nsgRequestBody(store: ResourceReader, nsgId: string): string {
  const nsg = store.get(nsgId);
  const securityRules = rulesOf(store, nsgId).map(({ name, properties }) => ({ name, properties }));
  return JSON.stringify({
    location: textAt(nsg?.body, "location") ?? "",
    properties: { ...objectAt(nsg?.body, "properties"), securityRules },
  });
}

/**
 * Deny rules get priority 4096 or the next free one below it, allow rules 100-110 (azure-docs #122814; self-help
 * pages).
 */
function freePriority(store: ResourceReader, nsgId: string, access: JitRule["access"]): number {
  const taken = new Set(
    rulesOf(store, nsgId)
      .filter(({ properties }) => properties.direction === "Inbound")
      .map(({ properties }) => properties.priority),
  );
  const [first, last, step] = access === "Deny" ? [4096, 3000, -1] : [100, 110, 1];
  for (let priority = first; priority !== last + step; priority += step) {
    if (!taken.has(priority)) return priority;
  }
  throw conflict(
    "Conflict",
    `The network security group '${nsgId}' has no free priority between ${String(first)} and ${String(last)} for a JIT rule.`,
  );
}

function number32(text: string): number {
  return createHash("md5").update(text.toLowerCase()).digest().readInt32BE(0);
}

function hex32(text: string): string {
  return createHash("md5").update(text.toLowerCase()).digest("hex").toUpperCase();
}
