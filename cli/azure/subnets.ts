import * as v from "valibot";
import { networkApiVersion } from "./apiVersions.ts";
import type { ArmClient } from "./armClient.ts";
import { optionalText, optionalTexts, readAs, reference } from "./read.ts";

export interface Subnet {
  readonly id: string;
  readonly prefixes: readonly string[];
  /** ARM id of its network security group. */
  readonly nsgId: string | null;
}

const subnet = v.object({
  id: v.string(),
  properties: v.object({
    addressPrefix: optionalText,
    addressPrefixes: optionalTexts,
    networkSecurityGroup: reference,
  }),
});

const network = v.object({ properties: v.object({ subnets: v.nullish(v.array(subnet), []) }) });

/**
 * Lists the subnets of all virtual networks. @throws ArmError, e.g. if the caller lacks
 * `Microsoft.Network/virtualNetworks/read`.
 */
export async function listSubnets(arm: ArmClient, subscriptionId: string): Promise<Subnet[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Network/virtualNetworks`;
  const networks = await Array.fromAsync(arm.list(path, networkApiVersion));
  return networks.flatMap((item) => readAs(network, item, "a virtual network").properties.subnets.map(subnetFrom));
}

/** @throws ArmError */
export async function readSubnet(arm: ArmClient, id: string): Promise<Subnet> {
  return subnetFrom(readAs(subnet, await arm.get(id, networkApiVersion), "the subnet"));
}

function subnetFrom({ id, properties }: v.InferOutput<typeof subnet>): Subnet {
  const { addressPrefix, addressPrefixes, networkSecurityGroup } = properties;
  return {
    id,
    prefixes: addressPrefix ? [addressPrefix] : addressPrefixes,
    nsgId: networkSecurityGroup?.id ?? null,
  };
}
