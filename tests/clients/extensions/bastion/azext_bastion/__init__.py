"""A stand-in for the Azure CLI's extension "bastion", which is on no package registry.

It has the arguments that the extension documents (az network bastion ssh|rdp|tunnel --help) and opens the tunnel as the
extension does, but instead of handing it to a client it returns what it was called with and the first line that it hears.
"""

import json

from azure.cli.core import AzCommandsLoader


class BastionLoader(AzCommandsLoader):
    def __init__(self, cli_ctx=None):
        from azure.cli.core.commands import CliCommandType

        super().__init__(cli_ctx=cli_ctx, custom_command_type=CliCommandType(operations_tmpl="azext_bastion#{}"))

    def load_command_table(self, args):
        with self.command_group("network bastion") as group:
            group.custom_command("ssh", "ssh")
            group.custom_command("rdp", "rdp")
            group.custom_command("tunnel", "tunnel")
        return self.command_table

    def load_arguments(self, command):
        from azure.cli.core.commands.parameters import get_three_state_flag

        with self.argument_context("network bastion") as context:
            context.argument("bastion_host_name", options_list=["--name", "-n"])
            context.argument("target_resource_id")
            context.argument("target_ip_address")
            context.argument("resource_port")
        with self.argument_context("network bastion ssh") as context:
            context.argument("auth_type")
            context.argument("ssh_key")
            context.argument("username")
            context.positional("ssh_args", nargs="*")
        with self.argument_context("network bastion rdp") as context:
            context.argument("configure", action="store_true")
            context.argument("disable_gateway", arg_type=get_three_state_flag())
            context.argument("enable_mfa", arg_type=get_three_state_flag())
        with self.argument_context("network bastion tunnel") as context:
            context.argument("port")
            context.argument("timeout")


COMMAND_LOADER_CLS = BastionLoader


def ssh(cmd, resource_group_name, bastion_host_name, auth_type, target_resource_id=None, target_ip_address=None,
        resource_port=None, username=None, ssh_key=None, ssh_args=None):
    return _open(cmd, resource_group_name, bastion_host_name, target_resource_id, resource_port or "22",
                 authType=auth_type, username=username, sshKey=ssh_key, sshArgs=ssh_args)


def rdp(cmd, resource_group_name, bastion_host_name, target_resource_id=None, target_ip_address=None, auth_type=None,
        resource_port=None, disable_gateway=False, configure=False, enable_mfa=False):
    return _open(cmd, resource_group_name, bastion_host_name, target_resource_id, resource_port or "3389",
                 authType=auth_type)


def tunnel(cmd, resource_group_name, bastion_host_name, resource_port, port, target_resource_id=None,
           target_ip_address=None, timeout=None):
    return _open(cmd, resource_group_name, bastion_host_name, target_resource_id, resource_port, localPort=port)


def _open(cmd, group, host_name, target, port, **options):
    """Asks the host for a token and opens its WebSocket, in the order and form of the extension."""
    import ssl

    import requests
    from azure.cli.core._profile import Profile
    from azure.cli.core.commands.client_factory import get_subscription_id
    from azure.cli.core.util import send_raw_request
    from websocket import create_connection

    subscription = get_subscription_id(cmd.cli_ctx)
    host = send_raw_request(
        cmd.cli_ctx, "GET",
        f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/bastionHosts/{host_name}",
        uri_parameters=["api-version=2024-01-01"],
    ).json()
    if host["sku"]["name"] not in ("Standard", "Premium") or host["properties"].get("enableTunneling") is not True:
        from azure.cli.core.azclierror import ClientRequestError

        raise ClientRequestError("Bastion Host SKU must be Standard or Premium and Native Client must be enabled.")
    endpoint = host["properties"]["dnsName"]
    (_, token, _), _, _ = Profile(cli_ctx=cmd.cli_ctx).get_raw_token()
    answer = requests.post(f"https://{endpoint}/api/tokens", timeout=30, data={
        "resourceId": target,
        "protocol": "tcptunnel",
        "workloadHostPort": port,
        "aztoken": token,
        "token": None,
    })
    opened = json.loads(answer.content)
    if answer.status_code != 200:
        from azure.cli.core.azclierror import CLIInternalError

        raise CLIInternalError(opened["message"])
    socket = create_connection(
        f"wss://{endpoint}/webtunnelv2/{opened['websocketToken']}?X-Node-Id={opened['nodeId']}",
        sslopt={"cert_reqs": ssl.CERT_REQUIRED},
    )
    heard = socket.recv().split(b"\r\n")[0].decode()
    socket.close()
    requests.delete(f"https://{endpoint}/api/tokens/{opened['authToken']}", timeout=30)
    return {"port": port, **{name: value for name, value in options.items() if value}, "heard": heard}
