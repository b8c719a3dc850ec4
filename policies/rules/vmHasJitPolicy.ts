import { type AzureResource, leadsTo, ofType } from "../deployment.ts";
import type { StackPolicy } from "../policy.ts";
import { list, record } from "../values.ts";

export const vmHasJitPolicy: StackPolicy<object> = {
  name: "vm-has-jit-policy",
  description: "Every VM is in a JIT policy of its stack.",
  judge: (deployment) => {
    const policies = ofType(deployment, "security:JitNetworkAccessPolicy");
    return ofType(deployment, "compute:VirtualMachine")
      .filter((vm) => !policies.some((policy) => covers(policy, vm)))
      .map((vm) => ({
        resource: vm,
        message: "No JIT policy of this stack covers this VM, so no request can open a port of it.",
      }));
  },
};

function covers(policy: AzureResource, vm: AzureResource): boolean {
  const vms = list(policy.properties.virtualMachines).map(record);
  return vms.some(({ id }) => leadsTo(policy, "virtualMachines", vm, id));
}
