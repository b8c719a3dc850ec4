/** One JIT VM on mocks, for the tests of its parts. */
import type * as pulumi from "@pulumi/pulumi";
import {
  JitVirtualMachine,
  type JitVirtualMachineArgs,
} from "../../../components/jit-virtual-machine/jitVirtualMachine.ts";
import { recordProgram, refusalOf, subscriptionId } from "../recordedProgram.ts";

export const vm = "azure-native:compute:VirtualMachine";
export const extension = "azure-native:compute:VirtualMachineExtension";
export const networkInterface = "azure-native:network:NetworkInterface";
export const securityGroup = "azure-native:network:NetworkSecurityGroup";
export const securityRule = "azure-native:network:SecurityRule";
export const jitPolicy = "azure-native:security:JitNetworkAccessPolicy";
export const password = "random:index/randomPassword:RandomPassword";
export const managementLock = "azure-native:authorization:ManagementLockByScope";
export const component = "bastion-trail:index:JitVirtualMachine";

export const key = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAlBdXY/GSTsnwu93d5uSZJmHWfXkuOQ/0QVmOTc+rWv somebody`;
export const subnet = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/vms`;
export const minimal: JitVirtualMachineArgs = {
  resourceGroupName: "rg",
  location: "westeurope",
  vmSubnetId: subnet,
  bastionSubnetPrefix: "10.60.0.0/26",
  sshPublicKey: key,
};
export const windows: JitVirtualMachineArgs = { ...minimal, os: "windows", sshPublicKey: undefined };

export function deploy(args: JitVirtualMachineArgs = minimal, opts?: pulumi.ComponentResourceOptions) {
  return recordProgram(
    () => {
      const vm = new JitVirtualMachine("web", args, opts);
      return {
        vmId: vm.vmId,
        vmName: vm.vmName,
        privateIpAddress: vm.privateIpAddress,
        jitPolicyId: vm.jitPolicyId,
        networkSecurityGroupId: vm.networkSecurityGroupId,
        adminPassword: vm.adminPassword,
      };
    },
    {
      outputs: (type, inputs) =>
        type === vm
          ? { name: inputs.vmName }
          : type === securityGroup
            ? { name: inputs.networkSecurityGroupName }
            : type === networkInterface
              ? { ipConfigurations: [{ name: "internal", privateIPAddress: "10.60.1.4" }] }
              : type === password
                ? { result: "Generated-1" }
                : {},
    },
  );
}

/** What the engine is given for a secret, told apart from a plain value by this member of it (Pulumi's wire format). */
export const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

export function refusal(args: Partial<JitVirtualMachineArgs>): Promise<string> {
  return refusalOf(() => deploy({ ...minimal, ...args }));
}
