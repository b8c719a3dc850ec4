/**
 * One Bastion host in a hub network that somebody else made, for VMs in the spokes around it. Nothing of the networks is changed;
 * the hub gets one more subnet, `AzureBastionSubnet`, which `pulumi destroy` removes again.
 */
import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { Config } from "@pulumi/pulumi";
import * as trail from "@bastion-trail/components";

const config = new Config();
const location = config.require("location");

const group = new trail.EvidenceGroup("access", { resourceGroupName: "rg-hub-access", location, holdsEvidence: true });
const common = { resourceGroupName: group.name, location };

// The hub has the host; VMs of every network that is peered with it can be reached.
const network = new trail.BastionNetwork("network", {
  ...common,
  existingVirtualNetworkId: config.require("hubNetworkId"),
  bastionSubnetPrefix: config.require("bastionSubnetPrefix"),
  existingVmSubnetId: config.require("spokeSubnetId"),
});
const bastion = new trail.BastionHost("bastion", {
  ...common,
  sku: trail.BastionSku.Standard,
  bastionSubnetId: network.bastionSubnetId,
  // `az network bastion ssh` besides the portal.
  nativeClient: true,
  audited: true,
});

const archive = new trail.AuditArchive("archive", { ...common, bastionLocation: bastion.location });
const workspace = new trail.AuditWorkspace("workspace", common);
new trail.BastionDiagnostics("sessions", {
  bastionHostId: bastion.hostId,
  storageAccountId: archive.accountId,
  workspaceId: workspace.workspaceId,
});

const plan = new trail.DefenderPlan("defender", { subscriptionId: getClientConfigOutput().subscriptionId });
// More VMs, in this spoke or in others, are more of these: each with the id of its own subnet.
const app = new trail.JitVirtualMachine(
  "app",
  {
    ...common,
    vmSubnetId: network.vmSubnetId,
    // Requests open the port to this range alone, across the peering.
    bastionSubnetPrefix: network.bastionSubnetPrefix,
    login: trail.VmLogin.EntraId,
  },
  { dependsOn: plan },
);

export const bastionHostId = bastion.hostId;
export const vmId = app.vmId;
