/**
 * One Bastion host in an existing hub network, for VMs in the spokes around it. The networks are left unchanged, except
 * that the hub gets a subnet `AzureBastionSubnet`, which `pulumi destroy` deletes again.
 */
import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { Config } from "@pulumi/pulumi";
import * as trail from "@bastion-trail/components";

const config = new Config();
const location = config.require("location");

const group = new trail.EvidenceGroup("access", { resourceGroupName: "rg-hub-access", location, holdsEvidence: true });
const common = { resourceGroupName: group.name, location };

// The host is in the hub, and can reach VMs in every peered network.
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
  // Allows `az network bastion ssh` in addition to the portal.
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
// For more VMs, in this spoke or in others, add more of these, each with the id of its subnet.
const app = new trail.JitVirtualMachine(
  "app",
  {
    ...common,
    vmSubnetId: network.vmSubnetId,
    // Requests open the port only to this range, across the peering.
    bastionSubnetPrefix: network.bastionSubnetPrefix,
    login: trail.VmLogin.EntraId,
  },
  { dependsOn: plan },
);

export const bastionHostId = bastion.hostId;
export const vmId = app.vmId;
