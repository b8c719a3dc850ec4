"""The components that this program uses. `pulumi package add` generates typed classes for all components."""

import pulumi


class Component(pulumi.ComponentResource):
    """A component of the plugin: arguments in, outputs as attributes."""

    outputs: tuple[str, ...] = ()

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **args):
        props = {**dict.fromkeys(self.outputs), **args}
        super().__init__(f"bastion-trail:index:{type(self).__name__}", name, props, opts, remote=True)


class EvidenceGroup(Component):
    outputs = ("name",)


class BastionNetwork(Component):
    outputs = ("bastionSubnetId", "bastionSubnetPrefix", "vmSubnetId")


class BastionHost(Component):
    outputs = ("hostId", "location")


class AuditArchive(Component):
    outputs = ("accountId", "accountName")


class AuditWorkspace(Component):
    outputs = ("workspaceId",)


class BastionDiagnostics(Component):
    pass


class ActivityLogExport(Component):
    pass


class DefenderPlan(Component):
    pass


class JitVirtualMachine(Component):
    outputs = ("vmId",)
