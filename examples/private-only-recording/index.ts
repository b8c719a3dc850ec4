/**
 * A Bastion host that cannot be reached from the internet and records sessions: it is reached only over ExpressRoute or
 * a VPN, with a video of each session beside its audit record. Both are features of the Premium SKU.
 */
import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { Config } from "@pulumi/pulumi";
import * as trail from "@bastion-trail/components";

const location = new Config().require("location");

const group = new trail.EvidenceGroup("access", { resourceGroupName: "rg-private", location, holdsEvidence: true });
const common = { resourceGroupName: group.name, location };

const network = new trail.BastionNetwork("network", {
  ...common,
  addressSpace: ["10.30.0.0/16"],
  bastionSubnetPrefix: "10.30.0.0/26",
  vmSubnetPrefix: "10.30.1.0/24",
});

// A separate account: recordings do not support what protects the archive.
const recordings = new trail.RecordingContainer("recordings", common);
const bastion = new trail.BastionHost("bastion", {
  ...common,
  sku: trail.BastionSku.Premium,
  bastionSubnetId: network.bastionSubnetId,
  // It cannot change later: a host is private-only from its creation or never.
  privateOnly: true,
  sessionRecording: true,
  recordingContainerUrl: recordings.containerUrl,
  audited: true,
});
// Lets the portal's player read the recordings.
new trail.RecordingPlayback("playback", {
  resourceGroupName: group.name,
  accountName: recordings.accountName,
  bastionDnsName: bastion.dnsName,
});

// Nobody, not even an owner, can delete a record before that time. Change it to `Locked` once the days are right; that
// is permanent.
const archive = new trail.AuditArchive("archive", {
  ...common,
  bastionLocation: bastion.location,
  immutability: trail.Immutability.Unlocked,
  immutabilityDays: 365,
});
const workspace = new trail.AuditWorkspace("workspace", common);
new trail.BastionDiagnostics("sessions", {
  bastionHostId: bastion.hostId,
  storageAccountId: archive.accountId,
  workspaceId: workspace.workspaceId,
});

const plan = new trail.DefenderPlan("defender", { subscriptionId: getClientConfigOutput().subscriptionId });
const vault = new trail.JitVirtualMachine(
  "vault",
  {
    ...common,
    vmSubnetId: network.vmSubnetId,
    bastionSubnetPrefix: network.bastionSubnetPrefix,
    login: trail.VmLogin.EntraId,
    sessionsRecorded: bastion.recordsSessions,
  },
  { dependsOn: plan },
);

export const bastionHostId = bastion.hostId;
export const vmId = vault.vmId;
/** The remaining step: the host refuses every session until it has a SAS URL of the container. */
export const nextStep = bastion.recordingNotice;
