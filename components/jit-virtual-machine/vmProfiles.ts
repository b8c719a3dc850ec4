/** The parts of a VM's body that depend on its image and its operating system. */
import * as compute from "@pulumi/azure-native/types/enums/compute/index.js";
import * as pulumi from "@pulumi/pulumi";
import { orElse } from "../shared/orElse.ts";
import { imageReference } from "./vmImage.ts";
import { VmOs } from "./vmOs.ts";
import type { VirtualMachineSettings } from "./vmRules.ts";

/**
 * A VM's checked settings. The operating system and the login are plain, because they decide which resources are
 * created.
 */
export type CheckedSettings = {
  readonly [K in keyof VirtualMachineSettings as Exclude<K, "os" | "login">]: pulumi.Input<VirtualMachineSettings[K]>;
} & Pick<VirtualMachineSettings, "os" | "login">;

/** Returns the VM's disk, which is created from its image and deleted with the VM. */
export function storageProfile({ name, image }: CheckedSettings) {
  return {
    imageReference: pulumi.output(image).apply(imageReference),
    osDisk: {
      name: pulumi.interpolate`${name}-osdisk`,
      createOption: compute.DiskCreateOptionTypes.FromImage,
      deleteOption: compute.DiskDeleteOptionTypes.Delete,
      caching: compute.CachingTypes.ReadWrite,
      // Every size supports standard SSDs; premium ones require a size with an "s".
      managedDisk: { storageAccountType: compute.StorageAccountTypes.StandardSSD_LRS },
    },
  };
}

/**
 * Returns the local administrator and the agent, with patching by the platform. A Linux administrator with a key has no
 * password.
 */
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
    // Azure requires it for patching by the platform (Automatic Guest Patching, "Requirements").
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
  const keyData = orElse(sshPublicKey, "");
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
