import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { isoSeconds } from "./isoSeconds.ts";
import type { AzureFailure } from "./failure.ts";
import { nameOf, optionalText, optionalTexts, readAs, readEach } from "./read.ts";

export const jitApiVersion = "2020-01-01";

/** A JIT network access policy of Defender for Cloud. */
export interface JitPolicy {
  readonly id: string;
  readonly name: string;
  readonly vms: readonly JitVm[];
  readonly requests: readonly JitRequest[];
}

export interface JitVm {
  /** ARM id. */
  readonly id: string;
  readonly name: string;
  readonly ports: readonly JitPort[];
}

/** A port that can be requested. */
export interface JitPort {
  readonly number: number;
  /** `TCP`, `UDP` or `*`. */
  readonly protocol: string;
  /** Address ranges to which it can be opened; `*` matches any. */
  readonly sources: readonly string[];
  /** Maximum duration of a request, in seconds. */
  readonly longestSeconds: number;
}

/** The protocols of a port in a JIT policy, whose `*` is both (Defender for Cloud, REST reference). */
export function protocolsOf({ protocol }: Pick<JitPort, "protocol">): readonly string[] {
  return protocol === "*" ? ["TCP", "UDP"] : [protocol];
}

/** A request, as recorded in the policy. */
export interface JitRequest {
  /** ISO 8601 UTC. */
  readonly start: string;
  /** Account or application id of the requestor. */
  readonly requestor: string | null;
  readonly justification: string | null;
  readonly ports: readonly RequestedPort[];
}

export interface RequestedPort {
  /** ARM id. */
  readonly vm: string;
  readonly port: number;
  readonly source: string | null;
  /** ISO 8601 UTC. */
  readonly end: string;
  /** `Initiated` or `Revoked`; Azure's own example has `Initiating`. */
  readonly status: string | null;
  /** `UserRequested`, `Expired` or `NewerRequestInitiated`. */
  readonly statusReason: string | null;
}

const port = v.object({
  number: v.number(),
  protocol: v.nullish(v.string(), "*"),
  allowedSourceAddressPrefix: optionalText,
  allowedSourceAddressPrefixes: optionalTexts,
  maxRequestAccessDuration: v.string(),
});
const requestedPort = v.object({
  number: v.number(),
  allowedSourceAddressPrefix: optionalText,
  allowedSourceAddressPrefixes: optionalTexts,
  endTimeUtc: v.string(),
  status: optionalText,
  statusReason: optionalText,
});
const request = v.object({
  startTimeUtc: v.string(),
  requestor: optionalText,
  justification: optionalText,
  virtualMachines: v.nullish(v.array(v.object({ id: v.string(), ports: v.nullish(v.array(requestedPort), []) })), []),
});
const policy = v.object({
  id: v.string(),
  name: v.string(),
  properties: v.object({
    virtualMachines: v.nullish(v.array(v.object({ id: v.string(), ports: v.nullish(v.array(port), []) })), []),
    requests: v.nullish(v.array(request), []),
  }),
});

/**
 * Lists all JIT policies of a subscription, in all regions, sorted by name.
 * @param onOdd called for a policy of an unexpected form. Default: the error is thrown.
 * @throws ArmError
 */
export async function listJitPolicies(
  arm: ArmClient,
  subscriptionId: string,
  onOdd?: (error: AzureFailure) => void,
): Promise<JitPolicy[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Security/jitNetworkAccessPolicies`;
  const policies = (await readEach(policy, arm.list(path, jitApiVersion), "a JIT policy", onOdd)).map(fromWire);
  return policies.sort((a, b) => a.name.localeCompare(b.name));
}

/** Reads one policy with its current requests. @throws ArmError */
export async function readJitPolicy(arm: ArmClient, id: string): Promise<JitPolicy> {
  return fromWire(readAs(policy, await arm.get(id, jitApiVersion), "the JIT policy"));
}

function fromWire({ id, name, properties }: v.InferOutput<typeof policy>): JitPolicy {
  return {
    id,
    name,
    vms: properties.virtualMachines.map((vm) => ({
      id: vm.id,
      name: nameOf(vm.id),
      ports: vm.ports.map((one) => ({
        number: one.number,
        protocol: one.protocol.toUpperCase(),
        sources: sourcesOf(one),
        longestSeconds: isoSeconds(one.maxRequestAccessDuration) ?? 0,
      })),
    })),
    requests: properties.requests.map((one) => requestFrom(one)),
  };
}

function requestFrom(wire: v.InferOutput<typeof request>): JitRequest {
  return {
    start: wire.startTimeUtc,
    requestor: wire.requestor ?? null,
    justification: wire.justification ?? null,
    ports: wire.virtualMachines.flatMap(({ id, ports }) =>
      ports.map((one) => ({
        vm: id,
        port: one.number,
        source: sourcesOf(one).join(", ") || null,
        end: one.endTimeUtc,
        status: one.status ?? null,
        statusReason: one.statusReason ?? null,
      })),
    ),
  };
}

/** Returns the sources; only one of the two members is set. */
function sourcesOf(one: {
  allowedSourceAddressPrefix?: string | null | undefined;
  allowedSourceAddressPrefixes: string[] | null;
}): string[] {
  const { allowedSourceAddressPrefix: single, allowedSourceAddressPrefixes: several } = one;
  return several !== null && several.length > 0 ? several : single ? [single] : [];
}
