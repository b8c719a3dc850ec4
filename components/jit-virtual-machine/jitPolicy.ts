import type { VirtualMachine } from "@pulumi/azure-native/compute/virtualMachine.js";
import { JitNetworkAccessPolicy } from "@pulumi/azure-native/security/jitNetworkAccessPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { keepsLiveRequests } from "./jitPolicyUpdate.ts";
import { isoDuration } from "./jitPorts.ts";
import { jitPolicyName } from "./vmName.ts";
import type { CheckedSettings } from "./vmProfiles.ts";

interface JitPolicyArgs {
  /** The component, in messages. */
  readonly subject: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly bastionSubnetPrefix: pulumi.Input<string>;
  readonly settings: CheckedSettings;
  readonly vm: VirtualMachine;
}

/** Creates the VM's own JIT policy: its ports can be opened to the Bastion subnet only. */
export function createJitPolicy(
  name: string,
  { subject, resourceGroupName, location, bastionSubnetPrefix, settings, vm }: JitPolicyArgs,
  opts: pulumi.CustomResourceOptions,
): JitNetworkAccessPolicy {
  const ports = pulumi
    .all([settings.jitPorts, settings.jitMaxDuration, bastionSubnetPrefix])
    .apply(([numbers, duration, source]) =>
      numbers.map((number) => ({
        number,
        protocol: "TCP",
        allowedSourceAddressPrefix: source,
        maxRequestAccessDuration: isoDuration(duration),
      })),
    );
  return new JitNetworkAccessPolicy(
    `${name}-jit`,
    {
      resourceGroupName,
      ascLocation: location,
      jitNetworkAccessPolicyName: pulumi.output(settings.name).apply(jitPolicyName),
      kind: "Basic",
      virtualMachines: [{ id: vm.id, ports }],
    },
    {
      ...opts,
      // Azure keeps the current requests in the policy; they are not part of the deployment.
      ignoreChanges: ["requests"],
      hooks: { beforeUpdate: [keepsLiveRequests(subject, { parent: opts.parent })] },
      deleteBeforeReplace: true,
      // The policy is replaced with its VM: Defender writes rules for the VM that the policy was created for.
      replaceWith: [vm],
    },
  );
}
