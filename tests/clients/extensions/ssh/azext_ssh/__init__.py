"""A stand-in for the Azure CLI's extension "ssh", which is on no package registry: "bastion" only asks whether it is there."""

from azure.cli.core import AzCommandsLoader


class SshLoader(AzCommandsLoader):
    def load_command_table(self, args):
        return self.command_table


COMMAND_LOADER_CLS = SshLoader
