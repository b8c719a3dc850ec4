/** Reads the network of a whole subscription in a few lists, instead of one call for each part of each VM. */
import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { networkApiVersion } from "./apiVersions.ts";
import { ruleFrom, ruleSchema, type SecurityRule } from "./networkSecurityRules.ts";
import { optionalText, readAs, reference } from "./read.ts";

/** An address of a network interface. */
export interface NicAddress {
  /** Name of the IP configuration. */
  readonly configName: string;
  readonly privateIp: string;
  /** ARM ids. */
  readonly subnetId: string | null;
  readonly publicIpId: string | null;
  /** ARM ids of its application security groups. */
  readonly asgIds: readonly string[];
}

export interface NetworkInterface {
  readonly id: string;
  readonly name: string;
  /** ARM ids. */
  readonly vmId: string | null;
  readonly nsgId: string | null;
  readonly addresses: readonly NicAddress[];
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  /** Its own rules and Azure's default rules, in the order in which Azure evaluates them. */
  readonly rules: readonly SecurityRule[];
}

const nic = v.object({
  id: v.string(),
  name: v.string(),
  properties: v.object({
    virtualMachine: reference,
    networkSecurityGroup: reference,
    ipConfigurations: v.nullish(
      v.array(
        v.object({
          name: optionalText,
          properties: v.object({
            privateIPAddress: optionalText,
            subnet: reference,
            publicIPAddress: reference,
            applicationSecurityGroups: v.nullish(v.array(v.object({ id: v.string() }))),
          }),
        }),
      ),
    ),
  }),
});
const rules = v.nullish(v.array(ruleSchema));
const group = v.object({
  id: v.string(),
  name: v.string(),
  properties: v.object({ securityRules: rules, defaultSecurityRules: rules }),
});

/** @throws ArmError, e.g. if the caller lacks `Microsoft.Network/networkInterfaces/read`. */
export async function listNetworkInterfaces(arm: ArmClient, subscriptionId: string): Promise<NetworkInterface[]> {
  return all(arm, subscriptionId, "networkInterfaces", (item) => {
    const { id, name, properties } = readAs(nic, item, "a network interface");
    return {
      id,
      name,
      vmId: properties.virtualMachine?.id ?? null,
      nsgId: properties.networkSecurityGroup?.id ?? null,
      addresses: (properties.ipConfigurations ?? []).flatMap(({ name: configName, properties: own }) =>
        own.privateIPAddress
          ? {
              configName: configName ?? "",
              privateIp: own.privateIPAddress,
              subnetId: own.subnet?.id ?? null,
              publicIpId: own.publicIPAddress?.id ?? null,
              asgIds: (own.applicationSecurityGroups ?? []).map((one) => one.id),
            }
          : [],
      ),
    };
  });
}

/** @throws ArmError, e.g. if the caller lacks `Microsoft.Network/networkSecurityGroups/read`. */
export async function listSecurityGroups(arm: ArmClient, subscriptionId: string): Promise<SecurityGroup[]> {
  return all(arm, subscriptionId, "networkSecurityGroups", groupFrom);
}

/** @throws ArmError, e.g. `ResourceNotFound`. */
export async function readSecurityGroup(arm: ArmClient, id: string): Promise<SecurityGroup> {
  return groupFrom(await arm.get(id, networkApiVersion));
}

function groupFrom(item: unknown): SecurityGroup {
  const { id, name, properties } = readAs(group, item, "a network security group");
  const own = [...(properties.securityRules ?? []), ...(properties.defaultSecurityRules ?? [])];
  return { id, name, rules: own.map((rule) => ruleFrom(id, rule)).sort((a, b) => a.priority - b.priority) };
}

function all<T>(arm: ArmClient, subscriptionId: string, type: string, from: (item: unknown) => T): Promise<T[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Network/${type}`;
  return Array.fromAsync<unknown, T>(arm.list(path, networkApiVersion), from);
}
