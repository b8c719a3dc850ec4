"""Writes the models of resource types in Microsoft's published packages as JSON, one object for each namespace.

Reads from stdin: {"types": [{"type", "models": [...], "sdk"?}], "nodeModules": FOLDER, "az": FOLDER}, where a model is
`network:BastionHost` of azure-mgmt-network, and "sdk" the resource of @pulumi/azure-native (`network.BastionHost`).
"""

import importlib
import json
import re
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Union, get_args, get_origin, get_type_hints

# Modules with the models of each package. The first one that has a model wins.
MODULES = {
    "authorization": ["azure.mgmt.authorization.v2022_04_01", "azure.mgmt.authorization.v2022_05_01_preview"],
    "compute": ["azure.mgmt.compute"],
    "keyvault": ["azure.mgmt.keyvault"],
    "locks": ["azure.mgmt.resource.locks"],
    "loganalytics": ["azure.mgmt.loganalytics"],
    "monitor": ["azure.mgmt.monitor.v2021_05_01_preview", "azure.mgmt.monitor.v2015_04_01"],
    "msi": ["azure.mgmt.msi.v2024_11_30"],
    "network": ["azure.mgmt.network"],
    "resources": ["azure.mgmt.resource.resources"],
    "security": ["azure.mgmt.security.v2020_01_01", "azure.mgmt.security.v2024_01_01"],
    "storage": ["azure.mgmt.storage"],
}
# Providers whose types have the same API versions.
RELEASED_TOGETHER = {"Microsoft.KeyVault", "Microsoft.Network", "Microsoft.Resources", "Microsoft.Storage"}
PACKAGES = {"locks": "azure-mgmt-resource-locks", "resources": "azure-mgmt-resource"}
VERSION = r"\d{4}-\d{2}-\d{2}(?:-[a-z]+)?"
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}
OLD = {"str": "string", "int": "integer", "long": "integer", "float": "number", "bool": "boolean"}


def namespace_of(package):
    """The modules whose names the annotations of a package's models refer to."""
    modules = [importlib.import_module(f"{path}.models") for path in MODULES[package]]
    return modules


def find(package, name):
    for module in namespace_of(package):
        if hasattr(module, name):
            return getattr(module, name), module
    raise LookupError(f"{package} has no model {name}")


def is_enum(kind):
    return isinstance(kind, type) and hasattr(kind, "__members__")


class Writer:
    """Collects the models of one namespace without duplicates."""

    def __init__(self):
        self.models = {}
        self.classes = {}

    def add(self, kind, module):
        name = kind.__name__
        if self.classes.setdefault(name, kind) is not kind:
            if module.__name__.split(".")[-2] == self.classes[name].__module__.split(".")[-3]:
                return name
            name = f"{name}@{module.__name__.split('.')[-2]}"
            if name in self.models:
                return name
        if name not in self.models:
            self.models[name] = None
            self.models[name] = sorted(m.value for m in kind) if is_enum(kind) else self.members(kind, module)
        return name

    def members(self, kind, module):
        if hasattr(kind, "_attribute_map"):
            return self.old_members(kind, module)
        # A class knows its fields only after an object was created.
        kind.__new__(kind)
        hints = {}
        for base in reversed(kind.__mro__):
            if "__annotations__" in base.__dict__:
                scope = {**vars(sys.modules[base.__module__]), "_models": module, "_types": module}
                hints.update(
                    {
                        name: self.resolve(hint, scope)
                        for name, hint in base.__annotations__.items()
                        if name in kind._attr_to_rest_field
                    }
                )
        found = {}
        for name, field in kind._attr_to_rest_field.items():
            hint = hints[name]
            flags = []
            if type(None) not in get_args(hint):
                flags.append("required")
            read_only = field._visibility == ["read"]
            if read_only:
                flags.append("readonly")
            text = self.type_of(hint, module, read_only)
            if field._format == "unix-timestamp":
                text = "integer"
            found[field._rest_name] = " ".join([*flags, text])
        return found

    @staticmethod
    def resolve(hint, scope):
        holder = type("Holder", (), {"__annotations__": {"it": hint}})
        return get_type_hints(holder, scope, {})["it"]

    def type_of(self, hint, module, read_only):
        if get_origin(hint) is Union:
            parts = [part for part in get_args(hint) if part is not type(None)]
            enums = [part for part in parts if is_enum(part)]
            if enums:
                return self.add(enums[0], module)
            hint = parts[0] if len(parts) == 1 else None
        if get_origin(hint) is list:
            return self.list_of(self.type_of(get_args(hint)[0], module, read_only), read_only)
        if get_origin(hint) is dict:
            return self.type_of(get_args(hint)[1], module, read_only) + "{}"
        if hint in PLAIN:
            return PLAIN[hint]
        if isinstance(hint, type) and hint.__module__ in ("datetime", "builtins") and hint is not object:
            return "string"
        if isinstance(hint, type) and hint.__module__.startswith("azure."):
            return self.object(hint, module, read_only)
        return "any"

    def object(self, kind, module, read_only):
        name = self.add(kind, module)
        members = self.models[name]
        if read_only or members is None or isinstance(members, list):
            return name
        own = set(members) - {"name", "type", "etag"}
        reference = own == {"id"} or ("id" in own and "properties" in own)
        return f"reference:{name}" if reference else name

    def list_of(self, item, read_only):
        """The type of a list: references for other resources, whole members for a resource's own parts."""
        if item.startswith("reference:"):
            name = item.removeprefix("reference:")
            members = self.models[name] or {}
            if set(members) != {"id"} and "location" not in members:
                item = name
        return item + "[]"

    def old_members(self, kind, module):
        hints = {}
        for base in reversed(kind.__mro__):
            if base.__init__ is not object.__init__ and hasattr(base.__init__, "__annotations__"):
                scope = {**vars(sys.modules[base.__module__]), "_models": module, "JSON": object}
                for name, hint in base.__init__.__annotations__.items():
                    try:
                        hints[name] = self.resolve(hint, scope)
                    except Exception:
                        pass
        found = {}
        for name, part in kind._attribute_map.items():
            rules = kind._validation.get(name, {})
            read_only = rules.get("readonly", False)
            flags = [flag for flag, on in (("required", rules.get("required")), ("readonly", read_only)) if on]
            text = self.old_type(part["type"], hints.get(name), module, read_only)
            if text == "integer" and ("minimum" in rules or "maximum" in rules):
                text = f"integer({rules.get('minimum', '')}..{rules.get('maximum', '')})"
            *above, last = re.split(r"(?<!\\)\.", part["key"])
            target = found
            for step in above:
                target = target.setdefault(step, {})
            target[last.replace("\\.", ".")] = " ".join([*flags, text])
        for name, value in list(found.items()):
            if isinstance(value, dict):
                inner = f"{kind.__name__}.{name}"
                self.models[inner] = value
                required = any(text.startswith("required") and "readonly" not in text for text in value.values())
                found[name] = f"required {inner}" if required else inner
        return found

    def old_type(self, text, hint, module, read_only):
        if text.startswith("["):
            inner = get_args(hint)[0] if hint is not None and get_origin(hint) is list else None
            if hint is not None and get_origin(hint) is Union:
                lists = [part for part in get_args(hint) if get_origin(part) is list]
                inner = get_args(lists[0])[0] if lists else None
            return self.list_of(self.old_type(text[1:-1], inner, module, read_only), read_only)
        if text.startswith("{"):
            return self.old_type(text[1:-1], None, module, read_only) + "{}"
        enums = [part for part in (hint, *get_args(hint)) if is_enum(part)]
        if enums:
            return self.add(enums[0], module)
        if text in OLD:
            return OLD[text]
        if hasattr(module, text):
            return self.object(getattr(module, text), module, read_only)
        return "any" if text == "object" else "string"


def type_in(path):
    """`/…/providers/Microsoft.Network/bastionHosts/{name}` -> `Microsoft.Network/bastionHosts`."""
    if "/providers/" not in path:
        return "Microsoft.Resources/resourceGroups" if re.search(r"/resourcegroups/\{", path, re.I) else ""
    namespace, *rest = path.split("/providers/")[-1].strip("/").split("/")
    return "/".join([namespace, *rest[::2]])


def versions_by_type(node_modules, az):
    """The API versions that the clients send, by resource type in lower case, and the types that they read: resources and lists."""
    found, types, lists = {}, {}, {}

    def note(path, sent):
        found.setdefault(type_in(path).lower(), set()).add(sent)

    own = Path(importlib.import_module("azure.mgmt.network").__file__).parent.parent
    of_az = next(az.glob("lib/python*/site-packages/azure"))
    for root in (own, of_az / "mgmt"):
        for package in {path.split(".")[2] for paths in MODULES.values() for path in paths}:
            for file in (root / package).rglob("operations/*.py"):
                for part in re.split(r"\ndef build_", file.read_text(encoding="utf-8"))[1:]:
                    sent = re.search(rf'"api-version", "({VERSION})"', part)
                    path = re.search(r'"(/[^"]*/(?:providers|resource[gG]roups)/[^"]*)"', part[:6000])
                    if sent and path:
                        note(path[1], sent[1])
                        if (root == own or re.search("/(deployments|features|policy)/", str(file))) and 'method="GET"' in part and not re.search(r"[{?]", type_in(path[1])):
                            (types if path[1].endswith("}") else lists).setdefault(type_in(path[1]).lower(), type_in(path[1]))
    for file in of_az.glob("cli/command_modules/*/aaz/latest/**/*.py"):
        for path, sent in re.findall(rf'\["mgmt-plane", "([^"]+)", "({VERSION})"', file.read_text(encoding="utf-8")):
            note(path, sent)
    template = re.compile(rf'expandUrlTemplate\("([^"]*?)\{{\?[^"]*", \{{[^}}]*?"api%2Dversion": [^,}}]*?"({VERSION})"')
    for file in (node_modules / "@azure").glob("arm-*/dist/esm/api/**/*.js"):
        for path, sent in template.findall(file.read_text(encoding="utf-8")):
            note(path, sent)
    return found, types, lists


def sdk_versions(node_modules, sdk):
    """The API versions of a resource in @pulumi/azure-native."""
    space, name = sdk.split(".")
    file = node_modules / "@pulumi/azure-native" / space / f"{name[0].lower()}{name[1:]}.d.ts"
    text = file.read_text(encoding="utf-8")
    uses = re.search(rf"Uses Azure REST API version ({VERSION})", text)
    others = re.search(rf"Other available API versions: ((?:{VERSION}(?:, )?)+)", text)
    return [*([uses[1]] if uses else []), *(re.findall(VERSION, others[1]) if others else [])]


def main():
    asked = json.load(sys.stdin)
    node_modules = Path(asked["nodeModules"])
    sent, types, lists = versions_by_type(node_modules, Path(asked["az"]))
    writers, result = {}, {}
    for one in asked["types"]:
        namespace = one["type"].split("/")[0]
        part = result.setdefault(namespace, {"packages": set(), "releases": set(), "apiVersions": {}})
        writer = writers.setdefault(namespace, Writer())
        for model in one["models"]:
            package, name = model.split(":")
            distribution = PACKAGES.get(package, f"azure-mgmt-{package}")
            part["packages"].add(f"{distribution} {version(distribution)}")
            kind, module = find(package, name)
            writer.add(kind, module)
        key = one["type"].lower()
        versions = set(sent.get(key, ()))
        if one.get("sdk"):
            versions |= set(sdk_versions(node_modules, one["sdk"]))
        if namespace in RELEASED_TOGETHER:
            part["releases"].update(versions)
            versions = set()
        if one.get("sdk"):
            part["apiVersions"][one["type"]] = versions
    for namespace, part in result.items():
        part["packages"] = sorted(part["packages"])
        of = namespace.lower() + "/"
        own = {name.lower() for name in part["apiVersions"]}
        part["apiVersions"].update({name: sent[key] for key, name in types.items() if key.startswith(of) and key not in own})
        part["lists"] = {name: sent[key] for key, name in lists.items() if key.startswith(of) and key not in types}
        part["releases"] = sorted(part["releases"])
        for kind in ("apiVersions", "lists"):
            part[kind] = {name: sorted(versions.difference(part["releases"])) for name, versions in sorted(part[kind].items())}
        part["models"] = dict(sorted(writers[namespace].models.items()))
    json.dump(result, sys.stdout)


main()
