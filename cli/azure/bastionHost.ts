import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { optionalText, readAs } from "./read.ts";

/** API version for all requests to Microsoft.Network: the one that azure-native deploys with. */
export const networkApiVersion = "2024-05-01";

export interface BastionHost {
  readonly id: string;
  readonly name: string;
  /** `Developer`, `Basic`, `Standard` or `Premium`. */
  readonly sku: string;
  /** `enableTunneling`: whether native clients, such as the Azure CLI, may connect through it. */
  readonly tunneling: boolean;
  /** ARM id of its subnet; null for the Developer SKU. */
  readonly subnetId: string | null;
}

const host = v.object({
  id: v.string(),
  name: v.string(),
  sku: v.nullish(v.object({ name: optionalText })),
  properties: v.object({
    enableTunneling: v.nullish(v.boolean()),
    ipConfigurations: v.nullish(
      v.array(v.object({ properties: v.nullish(v.object({ subnet: v.nullish(v.object({ id: v.string() })) })) })),
    ),
  }),
});

/** @throws ArmError, e.g. `ResourceNotFound`. */
export async function readBastionHost(arm: ArmClient, id: string): Promise<BastionHost> {
  const { name, sku, properties } = readAs(host, await arm.get(id, networkApiVersion), "the Bastion host");
  return {
    id,
    name,
    // Hosts older than the SKUs have none, and are Basic (azure-docs, bastion/configuration-settings.md).
    sku: sku?.name ?? "Basic",
    tunneling: properties.enableTunneling ?? false,
    subnetId: properties.ipConfigurations?.[0]?.properties?.subnet?.id ?? null,
  };
}
