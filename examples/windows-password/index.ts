/** A Windows VM whose RDP port only a request opens, with a local administrator and a generated password. */
import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { Config } from "@pulumi/pulumi";
import * as trail from "@bastion-trail/components";

const location = new Config().require("location");

const group = new trail.EvidenceGroup("access", { resourceGroupName: "rg-desk", location, holdsEvidence: true });
const common = { resourceGroupName: group.name, location };

const network = new trail.BastionNetwork("network", {
  ...common,
  addressSpace: ["10.40.0.0/16"],
  bastionSubnetPrefix: "10.40.0.0/26",
  vmSubnetPrefix: "10.40.1.0/24",
});
const bastion = new trail.BastionHost("bastion", {
  ...common,
  sku: trail.BastionSku.Basic,
  bastionSubnetId: network.bastionSubnetId,
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
const desk = new trail.JitVirtualMachine(
  "desk",
  {
    ...common,
    vmSubnetId: network.vmSubnetId,
    bastionSubnetPrefix: network.bastionSubnetPrefix,
    os: trail.VmOs.Windows,
    image: "windows-2025",
    login: trail.VmLogin.Password,
    adminUsername: "operator",
    // The longest time that one request can ask for.
    jitMaxDuration: "4h",
    // passwordVaultId: "/subscriptions/.../vaults/...", // keeps the password in a key vault, and out of the stack
  },
  { dependsOn: plan },
);

export const bastionHostId = bastion.hostId;
export const vmId = desk.vmId;
/** A secret of the stack: `pulumi stack output adminPassword --show-secrets`. */
export const adminPassword = desk.adminPassword;
