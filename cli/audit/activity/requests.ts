import { excessOf, type Allowance } from "../../rules/excess.ts";
import { vmNameOf } from "../records/vmNameOf.ts";
import type { Group } from "./group.ts";
import type { ActivityEvent, AskedPort, AskedVm, WrittenRule } from "./types.ts";

/** What the events of one JIT request say. */
export interface RequestFacts {
  readonly correlationId: string | null;
  /** Of the first event. */
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
 * The requests in a group: one, but where somebody gave several requests the same correlation id, one for each policy.
 * The events on a VM name no policy, so they go to the request that asks for that VM.
 */
export function requestsIn({ correlationId, events }: Group): RequestFacts[] {
  const policies = [...new Set(events.flatMap(({ resource }) => (isPolicy(resource) ? [resource.toLowerCase()] : [])))];
  const parts = policies.map((policy) => events.filter(({ resource }) => resource?.toLowerCase() === policy));
  const [first] = parts;
  if (first === undefined || parts.length === 1) {
    return [factsOf(correlationId, events)];
  }
  const others = events.filter(({ resource }) => !isPolicy(resource));
  const owner = others.map(
    (event) => parts.find((part) => vmsOf(part).some(({ id }) => isSame(id, event.resource))) ?? first,
  );
  return parts.map((part) => {
    const own = new Set([...part, ...others.filter((_, index) => owner[index] === part)]);
    return factsOf(
      correlationId,
      events.filter((event) => own.has(event)),
    );
  });
}

function factsOf(correlationId: string | null, events: readonly ActivityEvent[]): RequestFacts {
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

/** All VMs that an event asks for or is about, each once, in the spelling that came first; bodies before resources. */
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
 * Whether a rule that Defender wrote is this request's: it opens ports, sources and a single address that were asked for,
 * and nothing more.
 */
export function isRuleOf(rule: WrittenRule, { vms }: Pick<RequestFacts, "vms">): boolean {
  const named = vmNameIn(rule.description);
  const meant = vms.filter(({ id }) => named === null || isSame(named, vmNameOf(id)));
  return (
    rule.jitName &&
    rule.access === "allow" &&
    rule.direction !== "outbound" &&
    // The body of a request does not say the protocol; the policy does.
    excessOf(
      rule,
      meant.flatMap((vm) => allowancesOf(vm, rule.sources)),
    ) === undefined
  );
}

/**
 * What a request allows.
 * @param implied the source where the request states none: Azure then takes the caller's own address.
 * @param address private address of the VM, if it is known.
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

/** `… for policy 'default' of VM 'web'.`: the description of Defender's rules (release notes #259166; wording not confirmed). */
export function vmNameIn(description: string | null): string | null {
  return /\bVM '([^']+)'/i.exec(description ?? "")?.[1] ?? null;
}

function isPolicy(resource: string | null): resource is string {
  return /\/jitNetworkAccessPolicies\//i.test(resource ?? "");
}

function isVm(resource: string | null): resource is string {
  return /\/(?:virtualMachines|virtualMachineScaleSets)\//i.test(resource ?? "");
}

function isSame(one: string, other: string | null): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}
