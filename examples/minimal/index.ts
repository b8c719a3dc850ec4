/**
 * The minimum for audited, just-in-time access: a Bastion host, its logs in an archive and in a workspace, and one VM
 * whose SSH port only a request opens.
 */
import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { Config } from "@pulumi/pulumi";
import * as trail from "@bastion-trail/components";

const location = new Config().require("location");
const { subscriptionId } = getClientConfigOutput();

// This group holds the evidence, so a change that would move or delete it is refused.
const group = new trail.EvidenceGroup("access", { resourceGroupName: "rg-access", location, holdsEvidence: true });
const common = { resourceGroupName: group.name, location };

const network = new trail.BastionNetwork("network", {
  ...common,
  addressSpace: ["10.10.0.0/16"],
  bastionSubnetPrefix: "10.10.0.0/26",
  vmSubnetPrefix: "10.10.1.0/24",
});
const bastion = new trail.BastionHost("bastion", {
  ...common,
  sku: trail.BastionSku.Basic,
  bastionSubnetId: network.bastionSubnetId,
  audited: true,
});

// Two copies of the evidence: who connected, and who requested access and why.
const archive = new trail.AuditArchive("archive", { ...common, bastionLocation: bastion.location, retentionDays: 365 });
const workspace = new trail.AuditWorkspace("workspace", common);
const stores = { storageAccountId: archive.accountId, workspaceId: workspace.workspaceId };
new trail.BastionDiagnostics("sessions", { ...stores, bastionHostId: bastion.hostId });
new trail.ActivityLogExport("requests", { ...stores, subscriptionId });

// JIT is a feature of this plan. Leave it out if somebody else manages the plan of the subscription.
const plan = new trail.DefenderPlan("defender", { subscriptionId });
const web = new trail.JitVirtualMachine(
  "web",
  {
    ...common,
    vmSubnetId: network.vmSubnetId,
    bastionSubnetPrefix: network.bastionSubnetPrefix,
    // Users log in as themselves: there is no shared password or key.
    login: trail.VmLogin.EntraId,
  },
  { dependsOn: plan },
);

export const bastionHostId = bastion.hostId;
export const archiveAccount = archive.accountName;
export const vmId = web.vmId;
