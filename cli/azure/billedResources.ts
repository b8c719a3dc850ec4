/** Reads the facts that determine the price of a Bastion host and of a VM. */
import { regionName } from "@bastion-trail/core/rules/region";
import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { networkApiVersion } from "./bastionHost.ts";
import { optionalText, readAs } from "./read.ts";
import { computeApiVersion } from "./virtualMachine.ts";

export interface BilledHost {
  readonly id: string;
  /** Short name of the region. */
  readonly region: string;
  /** `Developer`, `Basic`, `Standard` or `Premium`. */
  readonly sku: string;
  readonly scaleUnits: number;
  /** ARM id; `undefined` for a Developer or a private-only host. */
  readonly publicIpId: string | undefined;
}

export interface BilledVm {
  readonly id: string;
  readonly region: string;
  /** For example `Standard_B2s`. */
  readonly size: string;
  readonly isWindows: boolean;
  /** `undefined` if Azure does not return the disk's size, for example for a deallocated VM. */
  readonly osDisk: { readonly sku: string; readonly gigabytes: number } | undefined;
}

const reference = v.nullish(v.object({ id: v.string() }));
const host = v.object({
  location: v.string(),
  sku: v.nullish(v.object({ name: optionalText })),
  properties: v.object({
    scaleUnits: v.nullish(v.number(), 2),
    ipConfigurations: v.nullish(
      v.array(v.object({ properties: v.nullish(v.object({ publicIPAddress: reference })) })),
      [],
    ),
  }),
});
const vm = v.object({
  location: v.string(),
  properties: v.object({
    hardwareProfile: v.object({ vmSize: v.string() }),
    storageProfile: v.object({
      osDisk: v.object({
        osType: optionalText,
        diskSizeGB: v.nullish(v.number()),
        managedDisk: v.nullish(v.object({ storageAccountType: optionalText })),
      }),
    }),
  }),
});

/** @throws ArmError, e.g. `ResourceNotFound`. */
export async function readBilledHost(arm: ArmClient, id: string): Promise<BilledHost> {
  const { location, sku, properties } = readAs(host, await arm.get(id, networkApiVersion), "the Bastion host");
  return {
    id,
    region: regionName(location),
    // Hosts older than the SKUs have none, and are Basic (azure-docs, bastion/configuration-settings.md).
    sku: sku?.name ?? "Basic",
    scaleUnits: properties.scaleUnits,
    publicIpId: properties.ipConfigurations[0]?.properties?.publicIPAddress?.id,
  };
}

/** @throws ArmError, e.g. `ResourceNotFound`. */
export async function readBilledVm(arm: ArmClient, id: string): Promise<BilledVm> {
  const { location, properties } = readAs(vm, await arm.get(id, computeApiVersion), "the virtual machine");
  const { osType, diskSizeGB, managedDisk } = properties.storageProfile.osDisk;
  const sku = managedDisk?.storageAccountType;
  return {
    id,
    region: regionName(location),
    size: properties.hardwareProfile.vmSize,
    isWindows: osType?.toLowerCase() === "windows",
    osDisk: typeof sku === "string" && typeof diskSizeGB === "number" ? { sku, gigabytes: diskSizeGB } : undefined,
  };
}
