import type { ResourceTypeRow } from "../resourceTypeRow.ts";

const machine =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}";
const longRunning = { put: true, delete: true };

export const computeTypes: readonly ResourceTypeRow[] = [
  {
    type: "compute.VirtualMachine",
    path: machine,
    shape: { beside: ["placement", "resources"] },
    // Location is part of the common TrackedResource, which marks it as settable only at creation.
    forceNew: ["location"],
    sets: { "storageProfile.dataDisks": ["lun"], "applicationProfile.galleryApplications": ["packageReferenceId"] },
    longRunning,
  },
  {
    type: "compute.VirtualMachineExtension",
    path: `${machine}/extensions/{vmExtensionName}`,
    // As an argument, `type` is the extension's own type; as an output it is the ARM resource type.
    inputShape: { inProperties: ["type"] },
    longRunning,
  },
];
