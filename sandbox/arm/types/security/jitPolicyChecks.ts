import { regionName } from "@bastion-trail/core/rules/region";
import ipaddr from "ipaddr.js";
import { numberAt, objectsAt, textAt, textsAt, type JsonObject } from "../../json.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource } from "../../resource.ts";
import { ArmError, conflict, refuse } from "../../armError.ts";
import { durationMs } from "./duration.ts";
import { hasServersPlan2 } from "./pricings.ts";
import { vmNetworkOf } from "./vmNetwork.ts";

/** Maximum length of the names of a policy and a VM together (Learn, just-in-time-access-usage). */
const longestNames = 56;
const minute = 60_000;

/**
 * Refuses policies that Defender would refuse. Its documentation describes the rules but not the error codes; those
 * here are ARM's usual ones.
 */
export function checkPolicy(context: PutContext): void {
  const { body, store, subscriptionId, name, id } = context;
  if (!hasServersPlan2(store, subscriptionId)) {
    throw conflict(
      "Conflict",
      "Just-in-time network access needs Defender for Servers Plan 2 on the subscription: the pricing 'VirtualMachines' " +
        "must have the tier Standard with the subplan P2.",
    );
  }
  const vms = objectsAt(body, "properties.virtualMachines");
  const seen = new Set<string>();
  for (const entry of vms) {
    const vmId = textAt(entry, "id") ?? "";
    if (seen.has(vmId.toLowerCase())) refuse(`The virtual machine '${vmId}' stands twice in the policy '${name}'.`);
    seen.add(vmId.toLowerCase());
    const vm = store.get(vmId);
    if (vm?.type !== "Microsoft.Compute/virtualMachines") {
      throw new ArmError(404, "ResourceNotFound", `The virtual machine '${vmId}' was not found.`);
    }
    checkVm(context, vm, id.split("/").at(-3) ?? "");
    checkPorts(vm.name, objectsAt(entry, "ports"));
  }
}

function checkVm({ store, name }: PutContext, vm: Resource, location: string): void {
  const own = textAt(vm.body, "location") ?? "";
  if (regionName(own) !== regionName(location)) {
    refuse(
      `The location '${location}' of the policy '${name}' is not the location '${own}' of the virtual machine '${vm.name}'.`,
    );
  }
  if (name.length + vm.name.length > longestNames) {
    refuse(
      `The names of the policy '${name}' and of the virtual machine '${vm.name}' together have ` +
        `${String(name.length + vm.name.length)} characters. At most ${String(longestNames)} are allowed.`,
    );
  }
  if ((vmNetworkOf(store, vm)?.nsgIds.length ?? 0) === 0) {
    throw conflict(
      "Conflict",
      `The virtual machine '${vm.name}' has no network security group on its network interface or subnet. ` +
        "Just-in-time network access requires one.",
    );
  }
}

function checkPorts(vm: string, ports: readonly JsonObject[]): void {
  if (ports.length === 0) refuse(`The virtual machine '${vm}' has no ports in the policy.`);
  const seen = new Set<number>();
  for (const port of ports) {
    const number = numberAt(port, "number") ?? 0;
    if (seen.has(number)) {
      refuse(`The port ${String(number)} of the virtual machine '${vm}' stands twice in the policy.`);
    }
    seen.add(number);
    checkSources(vm, number, port);
    const duration = textAt(port, "maxRequestAccessDuration") ?? "";
    const ms = durationMs(duration);
    if (ms === undefined || ms < 5 * minute || ms > 24 * 60 * minute) {
      refuse(
        `The maxRequestAccessDuration '${duration}' of port ${String(number)} of the virtual machine '${vm}' is invalid. ` +
          "Allowed is an ISO 8601 duration from 5 minutes (PT5M) to 1 day (P1D).",
      );
    }
  }
}

function checkSources(vm: string, number: number, port: JsonObject): void {
  const single = textAt(port, "allowedSourceAddressPrefix");
  const several = textsAt(port, "allowedSourceAddressPrefixes");
  if ((single === undefined) === (several.length === 0)) {
    refuse(
      `Port ${String(number)} of the virtual machine '${vm}' needs either allowedSourceAddressPrefix or ` +
        "allowedSourceAddressPrefixes, and not both.",
    );
  }
  for (const prefix of allowedSources(port)) {
    if (!isSource(prefix)) {
      refuse(
        `The source '${prefix}' of port ${String(number)} of the virtual machine '${vm}' is invalid. ` +
          "Allowed is an IP address, a CIDR range or *.",
      );
    }
  }
}

/** Returns the sources that a port of a policy allows. */
export function allowedSources(port: JsonObject): string[] {
  const single = textAt(port, "allowedSourceAddressPrefix");
  return single === undefined ? textsAt(port, "allowedSourceAddressPrefixes") : [single];
}

export function isSource(text: string): boolean {
  return text === "*" || ipaddr.isValidCIDR(text) || ipaddr.isValid(text);
}

/** Whether every address of `inner` is in one of the `outer` ranges. */
export function liesWithin(inner: string, outer: readonly string[]): boolean {
  return outer.some((candidate) => {
    if (candidate === "*") return true;
    if (inner === "*") return false;
    const [address, bits] = range(inner);
    const [network, networkBits] = range(candidate);
    return address.kind() === network.kind() && bits >= networkBits && address.match(network, networkBits);
  });
}

function range(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (text.includes("/")) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}
