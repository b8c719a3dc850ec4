import { objectAt, textAt, withProperties, isObject, type JsonObject } from "../../json.ts";
import { ArmError, badRequest, conflict } from "../../armError.ts";
import { resourceNotFound } from "../../errors.ts";
import { parentIdOf, sameId } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import { resourceType } from "../../resourceType.ts";
import { referredSecret } from "../keyVault/secretReference.ts";
import { operatingSystemOf } from "./imageRules.ts";
import { requireRunning } from "./powerState.ts";

export const extensionType = "Microsoft.Compute/virtualMachines/extensions";

/** VM extensions by publisher and type: operating system and major versions (azure-docs, extensions/overview.md). */
const published = new Map<string, { os: "Linux" | "Windows"; majors: readonly number[] }>(
  (
    [
      ["Microsoft.Azure.ActiveDirectory", "AADSSHLoginForLinux", "Linux", [1]],
      ["Microsoft.Azure.ActiveDirectory", "AADLoginForWindows", "Windows", [0, 1, 2]],
      ["Microsoft.Azure.Extensions", "CustomScript", "Linux", [2]],
      ["Microsoft.Compute", "CustomScriptExtension", "Windows", [1]],
      ["Microsoft.Azure.Monitor", "AzureMonitorLinuxAgent", "Linux", [1]],
      ["Microsoft.Azure.Monitor", "AzureMonitorWindowsAgent", "Windows", [1]],
      ["Microsoft.Azure.AzureDefenderForServers", "MDE.Linux", "Linux", [1]],
      ["Microsoft.Azure.AzureDefenderForServers", "MDE.Windows", "Windows", [1]],
      ["Microsoft.Azure.Security.LinuxAttestation", "GuestAttestation", "Linux", [1]],
      ["Microsoft.Azure.Security.WindowsAttestation", "GuestAttestation", "Windows", [1]],
      ["Microsoft.OSTCExtensions", "VMAccessForLinux", "Linux", [1]],
      ["Microsoft.Compute", "VMAccessAgent", "Windows", [2]],
    ] as const
  ).map(([publisher, type, os, majors]) => [handlerKey(publisher, type), { os, majors }]),
);

/** VM extensions. */
export default resourceType({
  type: extensionType,
  model: "compute:VirtualMachineExtension",
  sdk: "compute.VirtualMachineExtension",
  scope: "child",
  name: {
    pattern: /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,78}[A-Za-z0-9_-])?$/,
    code: "InvalidParameter",
    message: () => "The value of parameter extensionName is invalid.",
  },
  location: "required",
  refine: {
    "VirtualMachineExtension.properties": { required: true },
    "VirtualMachineExtensionProperties.protectedSettings": { secret: true },
    "VirtualMachineExtensionProperties.publisher": { required: true },
    "VirtualMachineExtensionProperties.type": { required: true },
    "VirtualMachineExtensionProperties.typeHandlerVersion": { required: true },
  },
  put: "async",
  delete: "async",
  patch: { of: "body", completion: "async" },
  check,
  checkDelete({ existing, root, store }) {
    const vm = store.get(parentIdOf(existing.id) ?? "");
    if (root === existing && vm !== undefined) requireRunning(vm, notRunning);
  },
  complete(context) {
    const { body } = context;
    const { protectedSettings = settingsFromVault(context), ...properties } = objectAt(body, "properties");
    return {
      body: withProperties({ ...body, properties }, { provisioningState: "Succeeded" }),
      ...(protectedSettings === undefined ? {} : { secrets: { properties: { protectedSettings } } }),
    };
  },
});

const notRunning = "Cannot modify extensions in the VM when the VM is not running.";

function check(context: PutContext): void {
  const location = textAt(context.body, "location") ?? "";
  const vm = context.store.get(context.parentId ?? "");
  if (vm === undefined) throw resourceNotFound(context.parentId ?? "", "Microsoft.Compute/virtualMachines");
  requireRunning(vm, notRunning);
  checkPublished(context.body, location, operatingSystemOf(vm.body));
  const properties = objectAt(context.body, "properties");
  if (properties.protectedSettings !== undefined && properties.protectedSettingsFromKeyVault !== undefined) {
    throw badRequest(
      "InvalidParameter",
      "Only one of 'protectedSettings' and 'protectedSettingsFromKeyVault' can be specified.",
      { target: "extension.protectedSettings" },
    );
  }
  const before = context.existing?.body;
  for (const member of ["publisher", "type"]) {
    if (
      before === undefined ||
      textAt(before, `properties.${member}`) === textAt(context.body, `properties.${member}`)
    ) {
      continue;
    }
    throw conflict("PropertyChangeNotAllowed", `Changing property 'extension.${member}' is not allowed.`, {
      target: `extension.${member}`,
    });
  }
  checkOnlyHandler(context, operatingSystemOf(vm.body));
}

/** Returns the extension's settings from a vault, which are JSON. */
function settingsFromVault({ body, store, clock }: PutContext): JsonObject | undefined {
  const { protectedSettingsFromKeyVault: reference } = objectAt(body, "properties");
  if (reference === undefined || !isObject(reference)) return undefined;
  const value = referredSecret(reference, { location: textAt(body, "location") ?? "", store, clock });
  try {
    return JSON.parse(value) as JsonObject;
  } catch {
    throw badRequest("InvalidProtectedSettings", "The protected settings that the secret holds are not a JSON object.");
  }
}

function checkPublished(body: JsonObject, location: string, os: "Linux" | "Windows"): void {
  const publisher = textAt(body, "properties.publisher") ?? "";
  const type = textAt(body, "properties.type") ?? "";
  const version = textAt(body, "properties.typeHandlerVersion") ?? "";
  const extension = published.get(handlerKey(publisher, type));
  if (extension?.os !== os) {
    throw new ArmError(
      404,
      "ArtifactNotFound",
      `The VM extension with publisher '${publisher}' and type '${type}' could not be found in location '${location}'.`,
    );
  }
  const major = /^(\d+)\.\d+/.exec(version)?.[1];
  if (major === undefined || !extension.majors.includes(Number(major))) {
    throw new ArmError(
      404,
      "ArtifactVersionNotFound",
      `No version found in the artifact repository that satisfies the requested version '${version}' for VM extension with publisher '${publisher}' and type '${type}' in location '${location}'.`,
    );
  }
}

function checkOnlyHandler(context: PutContext, os: string): void {
  const handler = handlerOf(context.body);
  const others = context.store.childrenOf(context.parentId ?? "", extensionType);
  const twin = others.find((other) => !sameId(other.id, context.id) && handlerOf(other.body) === handler);
  if (twin === undefined) return;
  throw badRequest(
    "BadRequest",
    `Multiple VMExtensions per handler not supported for OS type '${os}'. VMExtension '${twin.name}' with handler '${handler}' already added or specified in input.`,
  );
}

function handlerOf(body: JsonObject): string {
  return `${textAt(body, "properties.publisher") ?? ""}.${textAt(body, "properties.type") ?? ""}`;
}

function handlerKey(publisher: string, type: string): string {
  return `${publisher}/${type}`.toLowerCase();
}
