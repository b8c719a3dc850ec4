/** Reads the facts that determine the price of a VM. */
import { regionName } from "@bastion-trail/core/rules/region";
import * as v from "valibot";
import { computeApiVersion } from "./apiVersions.ts";
import type { ArmClient } from "./armClient.ts";
import { optionalText, readAs } from "./read.ts";

export interface BilledVm {
  readonly id: string;
  /** Short name of the region: `westeurope`. */
  readonly region: string;
  /** For example `Standard_B2s`. */
  readonly size: string;
  readonly isWindows: boolean;
  /** `undefined` if Azure does not return the disk's size, for example for a deallocated VM. */
  readonly osDisk: { readonly sku: string; readonly gigabytes: number } | undefined;
}

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
