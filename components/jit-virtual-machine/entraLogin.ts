import type { VirtualMachine } from "@pulumi/azure-native/compute/virtualMachine.js";
import { VirtualMachineExtension } from "@pulumi/azure-native/compute/virtualMachineExtension.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../shared/placement.ts";
import { VmOs } from "./vmOs.ts";

interface EntraLoginArgs extends Placement {
  readonly vm: VirtualMachine;
  readonly os: VmOs;
}

const loginExtension: Readonly<Record<VmOs, { readonly type: string; readonly version: string }>> = {
  [VmOs.Linux]: { type: "AADSSHLoginForLinux", version: "1.0" },
  [VmOs.Windows]: { type: "AADLoginForWindows", version: "1.0" },
};

/** Creates the extension with which users log in by Entra ID. */
export function createEntraLogin(
  name: string,
  { vm, os, ...placement }: EntraLoginArgs,
  opts: pulumi.CustomResourceOptions,
): VirtualMachineExtension {
  const { type, version } = loginExtension[os];
  return new VirtualMachineExtension(
    `${name}-entra-login`,
    {
      ...placement,
      vmName: vm.name,
      vmExtensionName: type,
      publisher: "Microsoft.Azure.ActiveDirectory",
      type,
      typeHandlerVersion: version,
      autoUpgradeMinorVersion: true,
    },
    { ...opts, deleteBeforeReplace: true },
  );
}
