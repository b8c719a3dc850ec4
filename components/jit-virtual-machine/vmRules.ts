/** Every problem of one VM that can be detected without asking Azure. */
import { jitDurationProblems, jitPortProblems } from "./jitPorts.ts";
import { availabilityZones, quotedZones } from "../shared/availabilityZones.ts";
import type { Problem } from "../shared/validate.ts";
import { imageProblems, isAlias, isArm64Image } from "./vmImage.ts";
import { type LoginSettings, loginProblems } from "./vmLogin.ts";
import { vmNameProblems } from "./vmName.ts";
import { hasAccelerator, isArm64Size, sizeProblems } from "./vmSize.ts";

/** The settings of one VM with every default filled in. */
export interface VirtualMachineSettings extends LoginSettings {
  readonly name: string;
  readonly size: string;
  readonly image: string;
  readonly zone?: string;
  readonly jitPorts: number[];
  readonly jitMaxDuration: string;
}

/** The settings of one VM of which some may not be known yet. */
type KnownSettings = Partial<VirtualMachineSettings> & Pick<VirtualMachineSettings, "os" | "login">;

/**
 * Returns every reason to refuse the VM, under the members of `VirtualMachineSettings` as keys. A setting that is not known
 * yet, and what depends on it, is not checked.
 */
export function virtualMachineProblems(vm: KnownSettings): Problem[] {
  const { os, name, size, image, jitPorts, jitMaxDuration } = vm;
  return [
    ...(name === undefined ? [] : vmNameProblems(os, name)),
    ...(size === undefined ? [] : sizeProblems(size)),
    ...(image === undefined ? [] : imageProblems(os, image)),
    ...(size === undefined || image === undefined ? [] : architectureProblems(size, image)),
    ...zoneProblems(vm.zone),
    ...loginProblems(vm),
    ...(jitPorts === undefined ? [] : jitPortProblems(jitPorts)),
    ...(jitMaxDuration === undefined ? [] : jitDurationProblems(jitMaxDuration)),
  ];
}

/** Azure starts a VM only if its image is for the processor of its size. */
function architectureProblems(size: string, image: string): Problem[] {
  if (isArm64Size(size) && isAlias(image)) {
    return [
      {
        key: "size",
        value: size,
        reason: `is an Arm64 size, and the image ${image} is for x64; choose an x64 size, or an Arm64 image as publisher:offer:sku:version`,
      },
    ];
  }
  return isArm64Image(image) && !isArm64Size(size) && !hasAccelerator(size)
    ? [
        {
          key: "image",
          value: image,
          reason: `is an Arm64 image, and ${size} is an x64 size; Arm64 sizes have a "p" after the number of vCPUs, such as Standard_D2ps_v6`,
        },
      ]
    : [];
}

function zoneProblems(zone: string | undefined): Problem[] {
  return zone === undefined || availabilityZones.includes(zone)
    ? []
    : [{ key: "zone", value: zone, reason: `must be one of ${quotedZones}` }];
}
