"""A program in Python on the components, run inline: `program.py preview|up|destroy SETTINGS`, with settings as JSON."""

import json
import os
import sys

import pulumi
from pulumi import automation


class Remote(pulumi.ComponentResource):
    """A component of another language, as a generated SDK declares it."""

    def __init__(self, kind, name, args, outputs=(), depends_on=()):
        props = {**{output: None for output in outputs}, **args}
        options = pulumi.ResourceOptions(depends_on=list(depends_on))
        super().__init__(f"bastion-trail:index:{kind}", name, props, options, remote=True)


def access(settings):
    common = {"location": "westeurope"}
    group = Remote(
        "EvidenceGroup",
        "access",
        {**common, "resourceGroupName": "rg-python", "holdsEvidence": True},
        ["name"],
    )
    common["resourceGroupName"] = group.name
    network = Remote(
        "BastionNetwork",
        "network",
        {
            **common,
            "virtualNetworkName": "python-vnet",
            "addressSpace": ["10.70.0.0/16"],
            "bastionSubnetPrefix": "10.70.0.0/26",
            "vmSubnetPrefix": "10.70.1.0/24",
        },
        ["bastionSubnetId", "bastionSubnetPrefix", "vmSubnetId"],
    )
    bastion = Remote(
        "BastionHost",
        "bastion",
        {
            **common,
            "bastionHostName": "python-bastion",
            "sku": settings.get("sku", "Basic"),
            "bastionSubnetId": network.bastionSubnetId,
            "scaleUnits": settings.get("scaleUnits", 2),
        },
        ["hostId", "location"],
    )
    archive = Remote(
        "AuditArchive",
        "archive",
        {
            **common,
            "bastionLocation": "westeurope",
            "accountNamePrefix": "python",
            "retentionDays": settings.get("retentionDays", 365),
        },
        ["accountId", "accountName"],
    )
    workspace = Remote("AuditWorkspace", "workspace", {**common, "workspaceName": "python-logs"}, ["workspaceId"])
    Remote(
        "BastionDiagnostics",
        "audit",
        {
            "bastionHostId": bastion.hostId,
            "storageAccountId": archive.accountId,
            "workspaceId": workspace.workspaceId,
        },
    )
    plan = Remote("DefenderPlan", "plan", {"subscriptionId": os.environ["AZURE_SUBSCRIPTION_ID"]})
    vm = Remote(
        "JitVirtualMachine",
        "web",
        {
            **common,
            "virtualMachineName": "web",
            "vmSubnetId": network.vmSubnetId,
            "bastionSubnetPrefix": network.bastionSubnetPrefix,
            "login": "entraId",
        },
        ["vmId", "jitPolicyId"],
        [plan],
    )
    for name, value in {"hostId": bastion.hostId, "account": archive.accountName, "jitPolicyId": vm.jitPolicyId}.items():
        pulumi.export(name, value)


def main(command, settings):
    stack = automation.create_or_select_stack(
        stack_name="python",
        project_name="python",
        program=lambda: access(settings),
        opts=automation.LocalWorkspaceOptions(
            pulumi_command=automation.PulumiCommand(root=os.environ["PULUMI_ROOT"]),
        ),
    )
    try:
        result = getattr(stack, command)(on_output=lambda line: print(line, file=sys.stderr), color="never")
    except automation.CommandError as error:
        print(json.dumps({"error": str(error)}))
        return
    changes = getattr(result, "change_summary", None) or result.summary.resource_changes
    outputs = {name: output.value for name, output in getattr(result, "outputs", {}).items()}
    print(json.dumps({"changes": {str(getattr(key, "value", key)): count for key, count in changes.items()}, "outputs": outputs}))


main(sys.argv[1], json.loads(sys.argv[2]))
