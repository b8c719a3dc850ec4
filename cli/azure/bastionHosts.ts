import { regionName } from "@bastion-trail/core/rules/region";
import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { networkApiVersion } from "./bastionHost.ts";
import { optionalText, readAs } from "./read.ts";

/** The facts of a Bastion host that concern its logs and the sources of its connections. */
export interface HostPlace {
  readonly id: string;
  readonly name: string;
  /** Short name of the region: `westeurope`. */
  readonly location: string;
  /** `Developer`, `Basic`, `Standard` or `Premium`. */
  readonly sku: string;
  /** `Succeeded`, `Updating`, `Failed`, ... */
  readonly state: string;
  /** ARM id; null for the Developer SKU. */
  readonly subnetId: string | null;
  /** Whether it records sessions. */
  readonly recordsSessions: boolean;
}

const host = v.object({
  id: v.string(),
  name: v.string(),
  location: v.string(),
  sku: v.nullish(v.object({ name: optionalText })),
  properties: v.object({
    provisioningState: optionalText,
    enableSessionRecording: v.nullish(v.boolean()),
    ipConfigurations: v.nullish(
      v.array(v.object({ properties: v.nullish(v.object({ subnet: v.nullish(v.object({ id: v.string() })) })) })),
    ),
  }),
});

/** Lists all Bastion hosts of a subscription, sorted by name. @throws ArmError */
export async function listBastionHosts(arm: ArmClient, subscriptionId: string): Promise<HostPlace[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Network/bastionHosts`;
  const hosts: HostPlace[] = [];
  for await (const item of arm.list(path, networkApiVersion)) hosts.push(hostFrom(item));
  return hosts.sort((a, b) => a.name.localeCompare(b.name));
}

/** @throws ArmError, e.g. `ResourceNotFound`. */
export async function readHostPlace(arm: ArmClient, id: string): Promise<HostPlace> {
  return hostFrom(await arm.get(id, networkApiVersion));
}

function hostFrom(body: unknown): HostPlace {
  const { id, name, location, sku, properties } = readAs(host, body, "the Bastion host");
  return {
    id,
    name,
    location: regionName(location),
    // Hosts older than the SKUs have none, and are Basic (azure-docs, bastion/configuration-settings.md).
    sku: sku?.name ?? "Basic",
    state: properties.provisioningState ?? "Succeeded",
    subnetId: properties.ipConfigurations?.[0]?.properties?.subnet?.id ?? null,
    recordsSessions: properties.enableSessionRecording === true,
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
