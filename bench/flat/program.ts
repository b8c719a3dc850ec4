/**
 * The resources of this project's program without its components: the code somebody would write who needs exactly these
 * resources and trusts the config. A test ensures that it registers the same resources with the same inputs. All
 * modules in this folder import the SDKs through `azureNative.ts` and `random.ts`, which `usualProgram.ts` replaces by
 * the root imports.
 */
import * as pulumi from "@pulumi/pulumi";
import { inTurn } from "@bastion-trail/program/inTurn";
import * as azure from "./azureNative.ts";
import { createEvidence } from "./evidence.ts";
import { createVm, type Vm } from "./vm.ts";
import { createNetwork } from "./network.ts";

export default async function flat() {
  const config = new pulumi.Config("bastion-trail");
  const location = config.require("location");
  const prefix = config.require("namePrefix");
  const tags = config.requireObject<Record<string, string>>("tags");
  const bastionSubnetPrefix = config.require("bastionSubnetPrefix");
  const vmSubnetPrefix = config.require("vmSubnetPrefix");

  const group = new azure.resources.ResourceGroup("group-group", { resourceGroupName: prefix, location, tags });
  const common = { resourceGroupName: group.name, location, tags };
  const { bastionHostId, vmSubnetId } = createNetwork({ common, prefix, bastionSubnetPrefix, vmSubnetPrefix });
  const { workspaceId } = createEvidence({ common, prefix, bastionHostId });
  const vms = await inTurn(
    config.requireObject<Vm[]>("vms"),
    (vm) => createVm(vm, { common, vmSubnetId, bastionSubnetPrefix }),
    ({ jitPolicyId }) => jitPolicyId,
  );
  return { bastionHostId, workspaceId, vms };
}
