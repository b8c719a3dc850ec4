import { resourceGroupOf, subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { excessOf, type Allowance } from "../../rules/excess.ts";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";
import { vmNameOf } from "../records/vmNameOf.ts";
import type { Group } from "./group.ts";
import { isRefused, statusOf } from "./status.ts";
import type { ActivityEvent, AskedPort, AskedVm, WrittenRule } from "./types.ts";

/** A JIT request as its events tell it. */
export interface LoggedRequest {
  readonly correlationId: string | null;
  /** Time of the first event. */
  readonly time: string;
  readonly caller: string | null;
  readonly callerName: string | null;
  readonly callerApp: string | null;
  /** ARM id of the policy. */
  readonly policy: string | null;
  readonly vms: readonly AskedVm[];
  readonly justification: string | null;
  readonly events: readonly ActivityEvent[];
}

/**
 * Returns the requests in a group: usually one. If a client used the same correlation id for several requests, there is one per
 * policy. Events on a VM name no policy, so they go to the request for that VM.
 */
export function requestsIn({ correlationId, events }: Group): LoggedRequest[] {
  const policies = [...new Set(events.flatMap(({ resource }) => (isPolicy(resource) ? [resource.toLowerCase()] : [])))];
  const parts = policies.map((policy) => events.filter(({ resource }) => resource?.toLowerCase() === policy));
  const [first] = parts;
  if (first === undefined || parts.length === 1) {
    return [loggedRequest(correlationId, events)];
  }
  const others = events.filter(({ resource }) => !isPolicy(resource));
  const owner = others.map(
    (event) => parts.find((part) => vmsOf(part).some(({ id }) => isSameIgnoringCase(id, event.resource))) ?? first,
  );
  return parts.map((part) => {
    const own = new Set([...part, ...others.filter((_, index) => owner[index] === part)]);
    return loggedRequest(
      correlationId,
      events.filter((event) => own.has(event)),
    );
  });
}

function loggedRequest(correlationId: string | null, events: readonly ActivityEvent[]): LoggedRequest {
  const { caller, callerName, callerApp } = events.find((event) => event.caller !== null) ?? {};
  return {
    correlationId,
    time: events[0]?.time ?? "",
    caller: caller ?? null,
    callerName: callerName ?? null,
    callerApp: callerApp ?? null,
    policy: events.map(({ resource }) => resource).find(isPolicy) ?? null,
    vms: vmsOf(events),
    justification: events.map(({ asked }) => asked?.justification ?? null).find((text) => text !== null) ?? null,
    events,
  };
}

/**
 * Returns all VMs that the events ask for or concern, each once, in its first spelling. VMs in bodies come before those in
 * resources.
 */
function vmsOf(events: readonly ActivityEvent[]): AskedVm[] {
  const found = new Map<string, { id: string; ports: Map<number, AskedPort> }>();
  const vmOf = (id: string) => {
    const known = found.get(id.toLowerCase()) ?? { id, ports: new Map<number, AskedPort>() };
    found.set(id.toLowerCase(), known);
    return known;
  };
  for (const { asked } of events) {
    for (const { id, ports } of asked?.vms ?? []) {
      const vm = vmOf(id);
      ports.forEach((port) => vm.ports.set(port.number, vm.ports.get(port.number) ?? port));
    }
  }
  events.forEach(({ resource }) => (isVm(resource) ? vmOf(resource) : undefined));
  return [...found.values()].map(({ id, ports }) => ({ id, ports: [...ports.values()] }));
}

/**
 * Returns the VMs of a request without those for which Azure refused it, by the events on each VM: none if the events on the
 * policy say that it was refused.
 */
export function acceptedVms({ vms, events }: Pick<LoggedRequest, "vms" | "events">): readonly AskedVm[] {
  const refusedOn = (isMeant: (resource: string | null) => boolean): boolean =>
    isRefused(statusOf(events.filter(({ resource }) => isMeant(resource))));
  if (refusedOn((resource) => !isVm(resource))) return [];
  return vms.filter(({ id }) => !refusedOn((resource) => isSameIgnoringCase(id, resource)));
}

/**
 * Returns whether a rule with a JIT name belongs to this request: it opens a requested port from requested sources to a single
 * address, and nothing more.
 */
export function isRuleOf(rule: WrittenRule, { vms }: Pick<LoggedRequest, "vms">): boolean {
  const named = vmNameIn(rule.description);
  const meant = vms.filter(({ id }) => named === null || isSameIgnoringCase(named, vmNameOf(id)));
  return (
    rule.jitName &&
    rule.access === "allow" &&
    rule.direction !== "outbound" &&
    // A request's body does not state the protocol; only the policy does.
    excessOf(
      rule,
      meant.flatMap((vm) => allowancesOf(vm, rule.sources)),
    ) === undefined
  );
}

/**
 * Returns whether a write of rules may be for these VMs: a VM's network security groups are in its subscription (Azure,
 * "Create, change, or delete a network interface"). Two subscriptions may well have VMs of one name and equal address ranges.
 */
export function mayGuard(resource: string | null, vms: readonly { readonly id: string | null }[]): boolean {
  const [own, ...others] = [resource, ...vms.map(({ id }) => id)].map((id) => subscriptionOf(id ?? "")?.toLowerCase());
  return own === undefined || others.every((other) => other === undefined || other === own);
}

/**
 * Returns whether a network security group is in the resource group of one of these VMs. Of several VMs with one name, that is the
 * likelier one.
 */
export function isBeside(resource: string | null, vms: readonly { readonly id: string | null }[]): boolean {
  const own = resourceGroupOf(resource ?? "");
  return own !== undefined && vms.some(({ id }) => isSameIgnoringCase(resourceGroupOf(id ?? "") ?? "", own));
}

/**
 * Returns what a request allows for a VM.
 * @param implied the source if the request states none: Azure then uses the caller's own address.
 * @param address private address of the VM, if known.
 */
export function allowancesOf(
  { ports }: AskedVm,
  implied: readonly string[],
  address: string | null = null,
): Allowance[] {
  const single = implied.filter((source) => /^[\d.]+(?:\/32)?$|^[\da-f:]+(?:\/128)?$/i.test(source));
  return ports.map(({ number, source }) => ({
    sources: source === null ? (single.length === 1 ? single : []) : source.split(/\s*,\s*/),
    address,
    port: number,
    protocol: null,
  }));
}

/**
 * Returns the VM named in the description of a Defender rule: `… for policy 'default' of VM 'web'.` (release notes #259166;
 * wording not confirmed).
 */
export function vmNameIn(description: string | null): string | null {
  return /\bVM '([^']+)'/i.exec(description ?? "")?.[1] ?? null;
}

function isPolicy(resource: string | null): resource is string {
  return /\/jitNetworkAccessPolicies\//i.test(resource ?? "");
}

function isVm(resource: string | null): resource is string {
  return /\/(?:virtualMachines|virtualMachineScaleSets)\//i.test(resource ?? "");
}
