import type { ProviderModule } from "../model.ts";
import { disks } from "./compute/disks.ts";
import { virtualMachineExtensions } from "./compute/extensions.ts";
import { virtualMachines } from "./compute/virtualMachines.ts";

/** `Microsoft.Compute`: virtual machines, their extensions and disks. */
export function computeProvider(): ProviderModule {
  return { namespace: "Microsoft.Compute", types: [virtualMachines, virtualMachineExtensions, disks] };
}
