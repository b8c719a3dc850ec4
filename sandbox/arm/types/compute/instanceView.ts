import { objectsAt, textAt } from "../../bodies.ts";
import type { JsonObject, Resource, ResourceReader } from "../../model.ts";
import { extensionType } from "./extensions.ts";
import { operatingSystemOf } from "./imageRules.ts";

/** The run-time state of a virtual machine: `GET .../instanceView`. Machines of the sandbox run as long as they exist. */
export function instanceView(machine: Resource, reader: ResourceReader): JsonObject {
  const ready = (code: string, displayStatus: string): JsonObject => ({
    code,
    level: "Info",
    displayStatus,
    time: machine.changedAt,
  });
  const disks = [
    textAt(machine.body, "properties.storageProfile.osDisk.name") ?? "",
    ...objectsAt(machine.body, "properties.storageProfile.dataDisks").map((disk) => textAt(disk, "name") ?? ""),
  ];
  return {
    computerName: textAt(machine.body, "properties.osProfile.computerName") ?? machine.name,
    osName: operatingSystemOf(machine.body),
    hyperVGeneration: "V2",
    vmAgent: {
      vmAgentVersion: "2.0.0",
      statuses: [{ ...ready("ProvisioningState/succeeded", "Ready"), message: "Guest Agent is running" }],
    },
    disks: disks.map((name) => ({ name, statuses: [ready("ProvisioningState/succeeded", "Provisioning succeeded")] })),
    extensions: reader.childrenOf(machine.id, extensionType).map((extension) => ({
      name: extension.name,
      type: `${textAt(extension.body, "properties.publisher") ?? ""}.${textAt(extension.body, "properties.type") ?? ""}`,
      typeHandlerVersion: textAt(extension.body, "properties.typeHandlerVersion") ?? "",
      statuses: [ready("ProvisioningState/succeeded", "Provisioning succeeded")],
    })),
    statuses: [
      ready("ProvisioningState/succeeded", "Provisioning succeeded"),
      ready("PowerState/running", "VM running"),
    ],
  };
}
