import { randomUUID } from "node:crypto";
import { defined, objectAt, textAt, textsAt, valueAt, withProperties, type JsonObject } from "../../json.ts";
import { requireZones } from "../../locations.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { resourceType, type Services } from "../../resourceType.ts";
import { valuesOf } from "../../sdkModels.ts";
import { completeIdentity } from "../managedIdentity/userAssignedIdentities.ts";
import { usagesOf } from "../quota.ts";
import { extensionType } from "./extensions.ts";
import { checkImage, checkSize, checkTrustedLaunch, operatingSystemOf } from "./imageRules.ts";
import { checkUnchanged } from "./immutable.ts";
import { instanceView } from "./instanceView.ts";
import { invalidParameter, missingParameter } from "./invalidParameter.ts";
import { checkDataDisks, completeStorage, linkDisks, releaseDisks } from "./vmDisks.ts";
import { checkNics, linkNics, releaseNics } from "./vmNics.ts";
import { refuseReservedName } from "../../reservedNames.ts";
import { checkOsProfile } from "./osProfileRules.ts";
import { powerActions } from "./powerState.ts";
import { runCommand } from "./runCommand.ts";

const virtualMachineType = "Microsoft.Compute/virtualMachines";

/**
 * Virtual machines. Values that ARM never returns (password, custom data, user data) are stored separately as secrets.
 */
export default ({ bastion }: Services) =>
  resourceType({
    type: virtualMachineType,
    model: "compute:VirtualMachine",
    sdk: "compute.VirtualMachine",
    etag: true,
    scope: "resourceGroup",
    name: {
      pattern: /^[^_\W](?:[\w.-]{0,62}[\w])?$/,
      code: "InvalidParameter",
      message: () => "The value of parameter vmName is invalid.",
    },
    location: "required",
    refine: {
      "HardwareProfile.vmSize": { kind: "string" },
      "DataDisk.diskSizeGB": { min: 0, max: 65_536 },
      "DataDisk.lun": { min: 0, max: 63 },
      "NetworkInterfaceReference.id": { required: true },
      "OSDisk.diskSizeGB": { min: 0, max: 65_536 },
      "OSProfile.adminPassword": { secret: true },
      "OSProfile.customData": { secret: true },
      "StorageProfile.dataDisks": { maxItems: 64 },
      "VirtualMachineProperties.userData": { secret: true },
    },
    answers: {
      instanceView: "compute:VirtualMachineInstanceView",
      runCommand: "compute:InstanceViewStatus",
      "locations/usages": "compute:Usage",
      "locations/vmsizes": "compute:VirtualMachineSize",
    },
    put: "async",
    delete: "async",
    patch: { of: "body", completion: "async" },
    check,
    complete,
    afterPut(context, written) {
      linkNics(context);
      linkDisks(context, written);
    },
    async afterDelete({ existing, store }) {
      releaseNics(store, existing);
      releaseDisks(store, existing);
      await bastion.endSessionsOf(existing.id);
    },
    actions: { ...powerActions(bastion), runCommand },
    providerLists: {
      "locations/usages": (context, names) =>
        usagesOf(
          [{ type: virtualMachineType, name: ["virtualMachines", "Virtual Machines"], limit: 25_000 }],
          context,
          names,
        ),
      // Only the sizes that the SDK names, and only their names.
      "locations/vmsizes": () => valuesOf("Microsoft.Compute", "VirtualMachineSizeTypes").map((name) => ({ name })),
    },
    view: (vm, reader) => withExtensions(vm, reader, ({ id, name, type, body }) => ({ id, name, type, ...body })),
    listView: (vm, reader) => withExtensions(vm, reader, ({ id }) => ({ id })),
    expand: { instanceView: (resource, reader) => instanceView(resource, reader) },
    reads: { instanceView: ({ resource, store }) => instanceView(resource, store) },
  });

function check(context: PutContext): void {
  const { body, existing } = context;
  refuseReservedName(context.name);
  const location = textAt(body, "location") ?? "";
  const zones = textsAt(body, "zones");
  requireZones(zones, { location, type: virtualMachineType, name: context.name });
  if (zones.length > 1) throw invalidParameter("zones", "A virtual machine can be in one availability zone alone.");
  checkSize(body, location);
  checkTrustedLaunch(body);
  checkNics(context, location);
  checkDataDisks(context);
  if (existing !== undefined) {
    checkUnchanged(existing.body, existing.secrets, body);
    return;
  }
  if (textAt(body, "properties.storageProfile.osDisk.createOption") === "Attach") {
    if (valueAt(body, "properties.osProfile") !== undefined) throw invalidParameter("osProfile");
    return;
  }
  checkImage(body);
  const profile = valueAt(body, "properties.osProfile");
  if (profile === undefined) throw missingParameter("osProfile");
  checkOsProfile(objectAt(body, "properties.osProfile"), operatingSystemOf(body), context.name);
}

function complete(context: PutContext): { body: JsonObject; secrets?: JsonObject } {
  const { body, existing } = context;
  const before = existing?.body;
  const os = operatingSystemOf({
    ...body,
    properties: { ...objectAt(before, "properties"), ...objectAt(body, "properties") },
  });
  const { userData, ...properties } = objectAt(body, "properties");
  const { adminPassword, customData, ...profile } = objectAt(body, "properties.osProfile");
  const kept = objectAt(existing?.secrets, "properties");
  const osSecrets = { ...objectAt(kept, "osProfile"), ...defined({ adminPassword, customData }) };
  const identity = completeIdentity(context);
  return {
    body: withProperties(
      defined({
        ...body,
        identity,
        properties,
      }),
      {
        provisioningState: "Succeeded",
        vmId: textAt(before, "properties.vmId") ?? randomUUID(),
        timeCreated: textAt(before, "properties.timeCreated") ?? context.clock.now().toISOString(),
        storageProfile: completeStorage(context, os),
        ...completeOsProfile(context, os, profile, objectAt(before, "properties.osProfile")),
      },
    ),
    secrets: { properties: { ...kept, osProfile: osSecrets, ...defined({ userData }) } },
  };
}

function completeOsProfile(
  context: PutContext,
  os: "Linux" | "Windows",
  given: JsonObject,
  before: JsonObject,
): JsonObject {
  const profile = { ...before, ...given };
  if (Object.keys(profile).length === 0) return {};
  const configuration = os === "Windows" ? "windowsConfiguration" : "linuxConfiguration";
  const defaults: JsonObject =
    os === "Windows"
      ? {
          provisionVMAgent: true,
          enableAutomaticUpdates: true,
          patchSettings: { patchMode: "AutomaticByOS", assessmentMode: "ImageDefault" },
        }
      : {
          disablePasswordAuthentication: false,
          provisionVMAgent: true,
          patchSettings: { patchMode: "ImageDefault", assessmentMode: "ImageDefault" },
        };
  const asked = objectAt(profile, configuration);
  return {
    osProfile: {
      computerName: context.name,
      secrets: [],
      allowExtensionOperations: true,
      requireGuestProvisionSignal: true,
      ...profile,
      [configuration]: {
        ...defaults,
        ...asked,
        patchSettings: { ...objectAt(defaults, "patchSettings"), ...objectAt(asked, "patchSettings") },
      },
    },
  };
}

/** A VM includes its extensions: in full in GET, only their ids in a list. */
function withExtensions(vm: Resource, reader: ResourceReader, show: (extension: Resource) => JsonObject): JsonObject {
  const extensions = reader.childrenOf(vm.id, extensionType);
  return extensions.length === 0 ? vm.body : { ...vm.body, resources: extensions.map(show) };
}
