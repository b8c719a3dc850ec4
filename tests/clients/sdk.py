"""Evaluates expressions on Microsoft's management clients, pointed at a sandbox by its exported environment.

Reads a Python expression as JSON from each line of stdin, and prints a line of JSON for it: {"value": ...}, or
{"error": {"code", "message"}} for what Azure refuses, {"exception": ...} for a wrong expression.
"""

import json
import os
import sys
from datetime import datetime, timedelta, timezone

from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.monitor import MonitorManagementClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.locks import ManagementLockClient
from azure.mgmt.security import SecurityCenter
from azure.mgmt.storage import StorageManagementClient

UTC = timezone.utc
endpoint = os.environ["SANDBOX_ARM_ENDPOINT"]
credential = ClientSecretCredential(
    os.environ["AZURE_TENANT_ID"],
    os.environ["AZURE_CLIENT_ID"],
    os.environ["AZURE_CLIENT_SECRET"],
    authority=endpoint,
    disable_instance_discovery=True,
)


def client(kind):
    return kind(
        credential,
        os.environ["AZURE_SUBSCRIPTION_ID"],
        base_url=endpoint,
        credential_scopes=[f"{endpoint}/.default"],
    )


def unknown(answer):
    """The members of an answer, and of its parts, that the SDK's models do not have."""
    if isinstance(answer, (list, tuple)):
        return [member for item in answer for member in unknown(item)]
    fields = getattr(answer, "_attr_to_rest_field", None)
    if fields is None:
        return []
    known = {field._rest_name: attribute for attribute, field in fields.items()}
    own = [f"{type(answer).__name__}.{name}" for name in answer if name not in known]
    return own + [member for attribute in known.values() for member in unknown(getattr(answer, attribute))]


# What the expressions may use.
names = {
    "authorization": client(AuthorizationManagementClient),
    "compute": client(ComputeManagementClient),
    "locks": client(ManagementLockClient),
    "loganalytics": client(LogAnalyticsManagementClient),
    "monitor": client(MonitorManagementClient),
    "network": client(NetworkManagementClient),
    "resources": client(ResourceManagementClient),
    "security": client(SecurityCenter),
    "storage": client(StorageManagementClient),
    **{name: os.environ[name] for name in ("ACCOUNT", "GROUP", "HOST", "VM", "WORKSPACE_ID")},
    "unknown": unknown,
    "hour_ago": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
    "in_an_hour": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
}


def evaluate(expression):
    try:
        value = eval(expression, names)  # The expressions are the table's own.
        return {"value": value.as_dict() if hasattr(value, "as_dict") else value}
    except HttpResponseError as error:
        return {"error": {"code": error.error.code, "message": error.error.message}}
    except Exception as error:
        return {"exception": repr(error)}


for line in sys.stdin:
    print(json.dumps(evaluate(json.loads(line)), default=str), flush=True)
