/** The parts of a virtual machine's body that depend on its image and its operating system. */
import * as compute from "@pulumi/azure-native/types/enums/compute/index.js";
import * as pulumi from "@pulumi/pulumi";
import { imageReference } from "./vmImage.ts";
import { VmOs } from "./vmOs.ts";
import type { VirtualMachineSettings } from "./vmRules.ts";

/** A VM's settings after their check. The operating system and the login are plain: they decide what there is. */
export type CheckedSettings = {
  readonly [K in keyof VirtualMachineSettings as Exclude<K, "os" | "login">]: pulumi.Input<VirtualMachineSettings[K]>;
} & Pick<VirtualMachineSettings, "os" | "login">;

/** The VM's disk, made from its image and deleted with it. */
export function storageProfile({ name, image }: CheckedSettings) {
  return {
    imageReference: pulumi.output(image).apply(imageReference),
    osDisk: {
      name: pulumi.interpolate`${name}-osdisk`,
      createOption: compute.DiskCreateOptionTypes.FromImage,
      deleteOption: compute.DiskDeleteOptionTypes.Delete,
      caching: compute.CachingTypes.ReadWrite,
      // Every size takes standard SSDs; premium ones need a size with an "s".
      managedDisk: { storageAccountType: compute.StorageAccountTypes.StandardSSD_LRS },
    },
  };
}

/** The local administrator and the agent, with patches installed by the platform. Linux takes no password where it has a key. */
export function osProfile(settings: CheckedSettings, password: pulumi.Output<string> | undefined) {
  return {
    computerName: settings.name,
    adminUsername: settings.adminUsername,
    ...(password && { adminPassword: password }),
    ...(settings.os === VmOs.Windows
      ? { windowsConfiguration: windowsConfiguration() }
      : { linuxConfiguration: linuxConfiguration(settings, password !== undefined) }),
  };
}

function windowsConfiguration() {
  return {
    provisionVMAgent: true,
    // Azure wants it together with patching by the platform (Automatic Guest Patching, "Requirements").
    enableAutomaticUpdates: true,
    patchSettings: {
      patchMode: compute.WindowsVMGuestPatchMode.AutomaticByPlatform,
      assessmentMode: compute.WindowsPatchAssessmentMode.AutomaticByPlatform,
      automaticByPlatformSettings: {
        rebootSetting: compute.WindowsVMGuestPatchAutomaticByPlatformRebootSetting.IfRequired,
      },
    },
  };
}

function linuxConfiguration({ adminUsername, sshPublicKey }: CheckedSettings, hasPassword: boolean) {
  const keyData = pulumi.output(sshPublicKey).apply((key) => key ?? "");
  return {
    provisionVMAgent: true,
    disablePasswordAuthentication: !hasPassword,
    patchSettings: {
      patchMode: compute.LinuxVMGuestPatchMode.AutomaticByPlatform,
      assessmentMode: compute.LinuxPatchAssessmentMode.AutomaticByPlatform,
      automaticByPlatformSettings: {
        rebootSetting: compute.LinuxVMGuestPatchAutomaticByPlatformRebootSetting.IfRequired,
      },
    },
    ...(!hasPassword && {
      ssh: {
        publicKeys: [{ path: pulumi.interpolate`/home/${adminUsername}/.ssh/authorized_keys`, keyData }],
      },
    }),
  };
}
