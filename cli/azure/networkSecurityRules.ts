import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { networkApiVersion } from "./apiVersions.ts";
import { optionalText, optionalTexts } from "./read.ts";

/** A rule of a network security group. */
export interface SecurityRule {
  /** ARM id. */
  readonly id: string;
  readonly name: string;
  /** Changes with every write. */
  readonly etag: string | null;
  readonly access: "allow" | "deny";
  readonly direction: "inbound" | "outbound";
  readonly priority: number;
  /** `tcp`, `udp`, ... or `*`. */
  readonly protocol: string;
  /** Address ranges, service tags, `*`, or ids of application security groups. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** Ports and ranges of ports: `22`, `8000-8100`, `*`. */
  readonly ports: readonly string[];
  /** Ports of the client. */
  readonly sourcePorts: readonly string[];
}

const groups = v.nullish(v.array(v.object({ id: v.string() })), []);
/** A rule in Azure's form. */
export const ruleSchema = v.object({
  name: v.string(),
  etag: optionalText,
  properties: v.object({
    access: v.string(),
    direction: v.string(),
    priority: v.number(),
    protocol: v.nullish(v.string(), "*"),
    sourceApplicationSecurityGroups: groups,
    destinationApplicationSecurityGroups: groups,
    sourceAddressPrefix: optionalText,
    sourceAddressPrefixes: optionalTexts,
    destinationAddressPrefix: optionalText,
    destinationAddressPrefixes: optionalTexts,
    sourcePortRange: optionalText,
    sourcePortRanges: optionalTexts,
    destinationPortRange: optionalText,
    destinationPortRanges: optionalTexts,
  }),
});

/**
 * Deletes a rule and waits until it is gone. Does nothing if it is already gone.
 * @throws ArmError, e.g. if the caller lacks `Microsoft.Network/networkSecurityGroups/securityRules/delete`.
 */
export async function deleteSecurityRule(arm: ArmClient, ruleId: string, correlationId: string): Promise<void> {
  await arm.send({ method: "DELETE", path: ruleId, apiVersion: networkApiVersion, correlationId });
}

/** @param nsgId the group that contains it. */
export function ruleFrom(nsgId: string, { name, etag, properties }: v.InferOutput<typeof ruleSchema>): SecurityRule {
  const either = (one: string | null | undefined, several: string[] | null): string[] =>
    one ? [one] : (several ?? []);
  const ids = (named: readonly { readonly id: string }[] | null): string[] => (named ?? []).map(({ id }) => id);
  return {
    id: `${nsgId}/securityRules/${name}`,
    name,
    etag: etag ?? null,
    access: properties.access.toLowerCase() === "allow" ? "allow" : "deny",
    direction: properties.direction.toLowerCase() === "inbound" ? "inbound" : "outbound",
    priority: properties.priority,
    protocol: properties.protocol.toLowerCase(),
    sources: [
      ...either(properties.sourceAddressPrefix, properties.sourceAddressPrefixes),
      ...ids(properties.sourceApplicationSecurityGroups),
    ],
    destinations: [
      ...either(properties.destinationAddressPrefix, properties.destinationAddressPrefixes),
      ...ids(properties.destinationApplicationSecurityGroups),
    ],
    ports: either(properties.destinationPortRange, properties.destinationPortRanges),
    sourcePorts: either(properties.sourcePortRange, properties.sourcePortRanges),
  };
}
