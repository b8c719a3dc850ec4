/** Everything that can be wrong with one virtual machine before Azure is asked. */
import { jitDurationProblems, jitPortProblems } from "./jitPorts.ts";
import type { Problem } from "../shared/validate.ts";
import { imageProblems } from "./vmImage.ts";
import { type LoginSettings, loginProblems } from "./vmLogin.ts";
import { vmNameProblems } from "./vmName.ts";

/** The size of a VM that names none: burstable, generation 2, in every region that has availability zones. */
export const defaultVmSize = "Standard_B2s_v2";

/** One virtual machine with every default filled in. */
export interface VirtualMachineSettings extends LoginSettings {
  readonly name: string;
  readonly size: string;
  readonly image: string;
  readonly zone?: string;
  readonly jitPorts: number[];
  readonly jitMaxDuration: string;
}

/** Every reason to refuse the VM; the keys are the members of `VirtualMachineSettings`. */
export function virtualMachineProblems(vm: VirtualMachineSettings): Problem[] {
  return [
    ...vmNameProblems(vm.os, vm.name),
    ...sizeProblems(vm.size),
    ...imageProblems(vm.os, vm.image),
    ...zoneProblems(vm.zone),
    ...loginProblems(vm),
    ...jitPortProblems(vm.jitPorts),
    ...jitDurationProblems(vm.jitMaxDuration),
  ];
}

/** Basic sizes exist as generation 1 only, and trusted launch needs generation 2. */
function sizeProblems(size: string): Problem[] {
  return /^Standard_[A-Z]+\d[A-Za-z0-9_-]*$/.test(size)
    ? []
    : [
        {
          key: "size",
          value: size,
          reason: `must be a size that supports generation 2 VMs, such as ${defaultVmSize}`,
        },
      ];
}

function zoneProblems(zone: string | undefined): Problem[] {
  return zone === undefined || ["1", "2", "3"].includes(zone)
    ? []
    : [{ key: "zone", value: zone, reason: 'must be "1", "2" or "3"' }];
}
