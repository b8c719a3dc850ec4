import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { networkApiVersion } from "./bastionHost.ts";
import { optionalText, readAs } from "./read.ts";

/** A rule of a network security group. */
export interface SecurityRule {
  /** ARM id. */
  readonly id: string;
  readonly name: string;
  /** New with every write. */
  readonly etag: string | null;
  readonly access: "allow" | "deny";
  readonly direction: "inbound" | "outbound";
  readonly priority: number;
  /** Address ranges, service tags or `*`. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** Ports and ranges of ports: `22`, `8000-8100`, `*`. */
  readonly ports: readonly string[];
}

const texts = v.nullish(v.array(v.string()), []);
const rule = v.object({
  name: v.string(),
  etag: optionalText,
  properties: v.object({
    access: v.string(),
    direction: v.string(),
    priority: v.number(),
    sourceAddressPrefix: optionalText,
    sourceAddressPrefixes: texts,
    destinationAddressPrefix: optionalText,
    destinationAddressPrefixes: texts,
    destinationPortRange: optionalText,
    destinationPortRanges: texts,
  }),
});
const group = v.object({ properties: v.object({ securityRules: v.nullish(v.array(rule), []) }) });

/**
 * The rules that somebody wrote into a network security group, without Azure's default ones.
 * @throws ArmError, e.g. when the caller lacks `Microsoft.Network/networkSecurityGroups/read`.
 */
export async function listSecurityRules(arm: ArmClient, nsgId: string): Promise<SecurityRule[]> {
  const { properties } = readAs(group, await arm.get(nsgId, networkApiVersion), "the network security group");
  return properties.securityRules.map((one) => fromWire(nsgId, one));
}

/**
 * Deletes a rule and waits until it is gone; one that is gone already is no error.
 * @throws ArmError, e.g. when the caller lacks `Microsoft.Network/networkSecurityGroups/securityRules/delete`.
 */
export async function deleteSecurityRule(arm: ArmClient, ruleId: string, correlationId: string): Promise<void> {
  await arm.send({ method: "DELETE", path: ruleId, apiVersion: networkApiVersion, correlationId });
}

function fromWire(nsgId: string, { name, etag, properties }: v.InferOutput<typeof rule>): SecurityRule {
  const either = (one: string | null | undefined, several: string[] | null): string[] =>
    one ? [one] : (several ?? []);
  return {
    id: `${nsgId}/securityRules/${name}`,
    name,
    etag: etag ?? null,
    access: properties.access.toLowerCase() === "allow" ? "allow" : "deny",
    direction: properties.direction.toLowerCase() === "inbound" ? "inbound" : "outbound",
    priority: properties.priority,
    sources: either(properties.sourceAddressPrefix, properties.sourceAddressPrefixes),
    destinations: either(properties.destinationAddressPrefix, properties.destinationAddressPrefixes),
    ports: either(properties.destinationPortRange, properties.destinationPortRanges),
  };
}
