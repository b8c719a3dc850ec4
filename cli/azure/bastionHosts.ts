import { regionName } from "@bastion-trail/core/rules/region";
import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { networkApiVersion } from "./apiVersions.ts";
import { optionalText, readAs, reference } from "./read.ts";

export interface BastionHost {
  readonly id: string;
  readonly name: string;
  /** Short name of the region: `westeurope`. */
  readonly location: string;
  /** `Developer`, `Basic`, `Standard` or `Premium`. */
  readonly sku: string;
  readonly scaleUnits: number;
  /** `Succeeded`, `Updating`, `Failed`, ... */
  readonly state: string;
  /** `enableTunneling`: whether native clients, such as the Azure CLI, may connect through it. */
  readonly tunneling: boolean;
  readonly recordsSessions: boolean;
  /** ARM id of its subnet; null for the Developer SKU. */
  readonly subnetId: string | null;
  /** ARM id of its address; null for a Developer or a private-only host. */
  readonly publicIpId: string | null;
}

const host = v.object({
  id: v.string(),
  name: v.string(),
  location: v.string(),
  sku: v.nullish(v.object({ name: optionalText })),
  properties: v.object({
    provisioningState: optionalText,
    scaleUnits: v.nullish(v.number(), 2),
    enableTunneling: v.nullish(v.boolean(), false),
    enableSessionRecording: v.nullish(v.boolean(), false),
    ipConfigurations: v.nullish(
      v.array(v.object({ properties: v.nullish(v.object({ subnet: reference, publicIPAddress: reference })) })),
      [],
    ),
  }),
});

/** Lists all Bastion hosts of a subscription, sorted by name. @throws ArmError */
export async function listBastionHosts(arm: ArmClient, subscriptionId: string): Promise<BastionHost[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Network/bastionHosts`;
  const hosts = await Array.fromAsync(arm.list(path, networkApiVersion), hostFrom);
  return hosts.sort((a, b) => a.name.localeCompare(b.name));
}

/** @throws ArmError, e.g. `ResourceNotFound`. */
export async function readBastionHost(arm: ArmClient, id: string): Promise<BastionHost> {
  return hostFrom(await arm.get(id, networkApiVersion));
}

function hostFrom(body: unknown): BastionHost {
  const { id, name, location, sku, properties } = readAs(host, body, "the Bastion host");
  const { subnet, publicIPAddress } = properties.ipConfigurations[0]?.properties ?? {};
  return {
    id,
    name,
    location: regionName(location),
    // Hosts older than the SKUs have none, and are Basic (azure-docs, bastion/configuration-settings.md).
    sku: sku?.name ?? "Basic",
    scaleUnits: properties.scaleUnits,
    state: properties.provisioningState ?? "Succeeded",
    tunneling: properties.enableTunneling,
    recordsSessions: properties.enableSessionRecording,
    subnetId: subnet?.id ?? null,
    publicIpId: publicIPAddress?.id ?? null,
  };
}

/** The first version that returns the container for recordings with a managed identity. */
const recordingApiVersion = "2026-01-01";

const recording = v.object({
  properties: v.object({ sessionRecordingConfiguration: v.nullish(v.object({ blobContainerUri: optionalText })) }),
});

/**
 * Returns the container to which a host records with a managed identity; null if there is none. Azure never returns a container
 * that was set by SAS URL (`setSessionRecordingSasUrl`, undocumented).
 * @throws ArmError
 */
export async function readRecordingContainer(arm: ArmClient, hostId: string): Promise<string | null> {
  const { properties } = readAs(recording, await arm.get(hostId, recordingApiVersion), "the Bastion host");
  return properties.sessionRecordingConfiguration?.blobContainerUri ?? null;
}
