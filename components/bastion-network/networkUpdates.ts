/**
 * Changes that Azure refuses for a network in use: each subnet must stay inside the address space, and a subnet that
 * has addresses in use keeps its range ("Azure Virtual Network FAQ", virtual-networks-faq.md). The hooks look at the
 * network as it is in Azure, because others may have added to it. They also run in a preview.
 */
import { getSubnet, type GetSubnetResult } from "@pulumi/azure-native/network/getSubnet.js";
import { getVirtualNetwork, type GetVirtualNetworkResult } from "@pulumi/azure-native/network/getVirtualNetwork.js";
import type * as pulumi from "@pulumi/pulumi";
import { containsIpv4Range, parseIpv4Range } from "@bastion-trail/core/rules/ipv4Range";
import { hook } from "../shared/hook.ts";
import { type HookInputs, membersOf } from "../shared/hookInputs.ts";
import { present, textsIn } from "../shared/liveResource.ts";
import { type Problem, refuse } from "../shared/validate.ts";
import { addressesInUse, prefixesOf } from "./adoptedNetwork.ts";

/** Returns a hook that refuses a new address space that does not contain every subnet of the network. */
export function keepsSubnetsInside(subject: string, opts: pulumi.InvokeOptions): pulumi.ResourceHook {
  return hook(
    subject,
    "vnet-update",
    async ({ oldInputs = {}, newInputs = {} }) => {
      const place = textsIn(newInputs, "resourceGroupName", "virtualNetworkName");
      const ranges = rangesIn(newInputs);
      if (place === undefined || ranges === undefined || rangesIn(oldInputs)?.join() === ranges.join()) return;
      const live = await present(getVirtualNetwork(place, opts));
      if (live !== undefined) refuse(subject, addressSpaceProblems(live, ranges));
    },
    { onDryRun: true },
  );
}

/**
 * Returns a hook that refuses a new range of a subnet in use.
 * @param key - the argument that sets the range.
 */
export function keepsUsedRange(
  subject: string,
  purpose: string,
  key: string,
  opts: pulumi.InvokeOptions,
): pulumi.ResourceHook {
  return hook(
    subject,
    purpose,
    async ({ oldInputs = {}, newInputs = {} }) => {
      const inputs = textsIn(newInputs, "resourceGroupName", "virtualNetworkName", "subnetName", "addressPrefix");
      if (inputs === undefined || inputs.addressPrefix === (oldInputs as Record<string, unknown>).addressPrefix) return;
      const { addressPrefix, ...place } = inputs;
      const live = await present(getSubnet(place, opts));
      if (live !== undefined) refuse(subject, usedRangeProblems(key, live, addressPrefix));
    },
    { onDryRun: true },
  );
}

/** Returns the reason why a network cannot have these ranges, if any: subnets outside of them. */
export function addressSpaceProblems({ subnets }: GetVirtualNetworkResult, ranges: readonly string[]): Problem[] {
  const space = ranges.flatMap((range) => parseIpv4Range(range) ?? []);
  const outside = (subnets ?? []).flatMap((subnet) =>
    prefixesOf(subnet).flatMap((prefix) => {
      const range = parseIpv4Range(prefix);
      const isInside = range === undefined || space.some((outer) => containsIpv4Range(outer, range));
      return isInside ? [] : [`${subnet.name ?? ""} (${prefix})`];
    }),
  );
  return outside.length === 0
    ? []
    : [
        {
          key: "addressSpace",
          value: ranges,
          reason: `it must contain every subnet of the network; outside would be ${outside.join(", ")}`,
        },
      ];
}

/** Returns the reason why a subnet cannot have this range, if any: addresses of its present range are in use. */
export function usedRangeProblems(key: string, subnet: GetSubnetResult, prefix: string): Problem[] {
  const was = prefixesOf(subnet);
  const users = addressesInUse(subnet);
  return users.length === 0 || was.join() === prefix
    ? []
    : [
        {
          key,
          value: prefix,
          reason: `it was ${was.join(", ")}, and Azure does not change the range of a subnet in use (by ${usersOf(users)}); set it back, or first delete what uses the subnet`,
        },
      ];
}

/** Names the first users of a subnet: the resources of the IP configurations. */
export function usersOf(users: readonly string[]): string {
  const names = users.map((id) => /([^/]+\/[^/]+)\/[^/]+\/[^/]+$/.exec(id)?.[1] ?? id);
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** Returns the address space in inputs of a virtual network; `undefined` if it is not known. */
function rangesIn({ addressSpace }: HookInputs): string[] | undefined {
  const { addressPrefixes: ranges } = membersOf(addressSpace);
  return Array.isArray(ranges) && ranges.every((range) => typeof range === "string") ? ranges : undefined;
}
