/** Every problem of one VM that can be detected without asking Azure. */
import { jitDurationProblems, jitPortProblems } from "./jitPorts.ts";
import type { Problem } from "../shared/validate.ts";
import { imageProblems } from "./vmImage.ts";
import { type LoginSettings, loginProblems } from "./vmLogin.ts";
import { vmNameProblems } from "./vmName.ts";

/** Default size: burstable, generation 2, available in every region with availability zones. */
export const defaultVmSize = "Standard_B2s_v2";

/** The settings of one VM with every default filled in. */
export interface VirtualMachineSettings extends LoginSettings {
  readonly name: string;
  readonly size: string;
  readonly image: string;
  readonly zone?: string;
  readonly jitPorts: number[];
  readonly jitMaxDuration: string;
}

/** Returns every reason to refuse the VM, under the members of `VirtualMachineSettings` as keys. */
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

/** Basic sizes exist only as generation 1, and trusted launch requires generation 2. */
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
