"""A Bastion host, its logs in an archive and in a workspace, and one VM whose SSH port only a request opens."""

import pulumi

import bastion_trail as trail

config = pulumi.Config()
location = config.require("location")
subscription_id = config.require("subscriptionId")

# This group holds the evidence, so a change that would move or delete it is refused.
group = trail.EvidenceGroup("access", resourceGroupName="rg-python", location=location, holdsEvidence=True)
common = {"resourceGroupName": group.name, "location": location}

network = trail.BastionNetwork(
    "network",
    **common,
    addressSpace=["10.70.0.0/16"],
    bastionSubnetPrefix="10.70.0.0/26",
    vmSubnetPrefix="10.70.1.0/24",
)
bastion = trail.BastionHost(
    "bastion", **common, sku="Basic", bastionSubnetId=network.bastionSubnetId, audited=True
)

# Two copies of the evidence: who connected, and who requested access and why.
archive = trail.AuditArchive(
    "archive",
    resourceGroupName=group.name,
    bastionLocation=bastion.location,
    retentionDays=config.require_int("retentionDays"),
)
workspace = trail.AuditWorkspace("workspace", **common)
stores = {"storageAccountId": archive.accountId, "workspaceId": workspace.workspaceId}
trail.BastionDiagnostics("sessions", bastionHostId=bastion.hostId, **stores)
trail.ActivityLogExport("requests", subscriptionId=subscription_id, **stores)

# JIT is a feature of this plan. Leave it out if somebody else manages the plan of the subscription.
plan = trail.DefenderPlan("defender", subscriptionId=subscription_id)
web = trail.JitVirtualMachine(
    "web",
    pulumi.ResourceOptions(depends_on=[plan]),
    **common,
    vmSubnetId=network.vmSubnetId,
    bastionSubnetPrefix=network.bastionSubnetPrefix,
    # Users log in as themselves: there is no shared password or key.
    login="entraId",
)

pulumi.export("bastionHostId", bastion.hostId)
pulumi.export("archiveAccount", archive.accountName)
pulumi.export("vmId", web.vmId)
