import { objectsAt, textAt, type JsonObject } from "../../json.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { extensionType } from "./extensions.ts";
import { operatingSystemOf } from "./imageRules.ts";
import { powerStateOf } from "./powerState.ts";

/**
 * Returns the run-time state of a VM: `GET .../instanceView`. Facts from the guest agent are present only while the VM
 * runs.
 */
export function instanceView(vm: Resource, reader: ResourceReader): JsonObject {
  const ready = (code: string, displayStatus: string): JsonObject => ({
    code,
    level: "Info",
    displayStatus,
    time: vm.changedAt,
  });
  const disks = [
    textAt(vm.body, "properties.storageProfile.osDisk.name") ?? "",
    ...objectsAt(vm.body, "properties.storageProfile.dataDisks").map((disk) => textAt(disk, "name") ?? ""),
  ];
  const power = powerStateOf(vm);
  const fromAgent: JsonObject =
    power === "running"
      ? {
          computerName: textAt(vm.body, "properties.osProfile.computerName") ?? vm.name,
          osName: operatingSystemOf(vm.body),
          vmAgent: {
            vmAgentVersion: "2.0.0",
            statuses: [{ ...ready("ProvisioningState/succeeded", "Ready"), message: "Guest Agent is running" }],
          },
        }
      : {};
  return {
    ...fromAgent,
    hyperVGeneration: "V2",
    disks: disks.map((name) => ({ name, statuses: [ready("ProvisioningState/succeeded", "Provisioning succeeded")] })),
    extensions: reader.childrenOf(vm.id, extensionType).map((extension) => ({
      name: extension.name,
      type: `${textAt(extension.body, "properties.publisher") ?? ""}.${textAt(extension.body, "properties.type") ?? ""}`,
      typeHandlerVersion: textAt(extension.body, "properties.typeHandlerVersion") ?? "",
      statuses: [ready("ProvisioningState/succeeded", "Provisioning succeeded")],
    })),
    statuses: [
      ready("ProvisioningState/succeeded", "Provisioning succeeded"),
      { code: `PowerState/${power}`, level: "Info", displayStatus: `VM ${power}` },
    ],
  };
}
