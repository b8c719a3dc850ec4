/**
 * The resources of the project's program without its components: what somebody would write who needs exactly them and trusts
 * the config. A test holds it to the same resources with the same inputs. All of this folder imports the SDKs through
 * `azureNative.ts` and `random.ts`, in whose place `usualProgram.ts` puts the root imports.
 */
import * as pulumi from "@pulumi/pulumi";
import { inTurn } from "@bastion-trail/program/inTurn";
import * as azure from "./azureNative.ts";
import { createEvidence } from "./evidence.ts";
import { createMachine, type Machine } from "./machine.ts";
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
    config.requireObject<Machine[]>("vms"),
    (machine) => createMachine(machine, { common, vmSubnetId, bastionSubnetPrefix }),
    ({ jitPolicyId }) => jitPolicyId,
  );
  return { bastionHostId, workspaceId, vms };
}
