import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { networkApiVersion } from "./bastionHost.ts";
import { optionalText, readAs } from "./read.ts";

/** A Bastion host, as far as its logs and the sources of its connections are concerned. */
export interface HostPlace {
  readonly id: string;
  readonly name: string;
  /** As Azure writes it: `westeurope`. */
  readonly location: string;
  /** `Developer`, `Basic`, `Standard` or `Premium`. */
  readonly sku: string;
  /** `Succeeded`, `Updating`, `Failed`, ... */
  readonly state: string;
  /** ARM id; the Developer SKU has none. */
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

/** All Bastion hosts of a subscription, by name. @throws ArmError */
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
    location: location.replaceAll(" ", "").toLowerCase(),
    // Hosts that are older than the SKUs have none, and are Basic (azure-docs, bastion/configuration-settings.md).
    sku: sku?.name ?? "Basic",
    state: properties.provisioningState ?? "Succeeded",
    subnetId: properties.ipConfigurations?.[0]?.properties?.subnet?.id ?? null,
    recordsSessions: properties.enableSessionRecording === true,
  };
}

/** The first version that tells where a host records to by a managed identity. */
const recordingApiVersion = "2026-01-01";

const recording = v.object({
  properties: v.object({ sessionRecordingConfiguration: v.nullish(v.object({ blobContainerUri: optionalText })) }),
});

/**
 * The container that a host records to with a managed identity; null where it has none. A container that was given by its
 * SAS URL (`setSessionRecordingSasUrl`, undocumented) is in no answer of Azure's.
 * @throws ArmError
 */
export async function readRecordingContainer(arm: ArmClient, hostId: string): Promise<string | null> {
  const { properties } = readAs(recording, await arm.get(hostId, recordingApiVersion), "the Bastion host");
  return properties.sessionRecordingConfiguration?.blobContainerUri ?? null;
}
