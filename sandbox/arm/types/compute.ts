import type { BastionActions } from "../../bastion/sessionModel.ts";
import type { ProviderModule } from "../model.ts";
import { disks } from "./compute/disks.ts";
import { virtualMachineExtensions } from "./compute/extensions.ts";
import { virtualMachines } from "./compute/virtualMachines.ts";

/**
 * `Microsoft.Compute`: virtual machines, their extensions and disks.
 * @param parts.bastion what ends the sessions to a virtual machine that stops.
 */
export function computeProvider(parts: { bastion: Pick<BastionActions, "endSessionsOf"> }): ProviderModule {
  return {
    namespace: "Microsoft.Compute",
    types: [virtualMachines(parts.bastion), virtualMachineExtensions, disks],
  };
}
