/** Properties of a VM that can never change (azure-docs, error-messages.md: PropertyChangeNotAllowed). */
import { isDeepStrictEqual } from "node:util";
import { valueAt, type JsonObject } from "../../json.ts";
import { conflict, type ArmError } from "../../armError.ts";

const paths = [
  "osProfile.adminUsername",
  "osProfile.adminPassword",
  "osProfile.computerName",
  "osProfile.customData",
  "osProfile.linuxConfiguration.disablePasswordAuthentication",
  "osProfile.linuxConfiguration.provisionVMAgent",
  "osProfile.linuxConfiguration.ssh.publicKeys",
  "osProfile.windowsConfiguration.provisionVMAgent",
  "storageProfile.imageReference.publisher",
  "storageProfile.imageReference.offer",
  "storageProfile.imageReference.sku",
  "storageProfile.imageReference.version",
  "storageProfile.imageReference.id",
  "storageProfile.osDisk.createOption",
  "storageProfile.osDisk.name",
  "storageProfile.osDisk.osType",
  "availabilitySet.id",
];

/**
 * Compares an update with the current VM. Members that are missing in the update are unchanged.
 * @param secrets values that the VM was created with and never shows.
 * @throws ArmError `PropertyChangeNotAllowed`
 */
export function checkUnchanged(before: JsonObject, secrets: JsonObject | undefined, after: JsonObject): void {
  for (const path of paths) {
    const wanted = valueAt(after, `properties.${path}`);
    const present = valueAt(before, `properties.${path}`) ?? valueAt(secrets, `properties.${path}`);
    if (wanted === undefined || isDeepStrictEqual(wanted, present)) continue;
    throw changeNotAllowed(path);
  }
  if (!isDeepStrictEqual(before.zones ?? [], after.zones ?? [])) throw changeNotAllowed("zones");
}

function changeNotAllowed(path: string): ArmError {
  return conflict("PropertyChangeNotAllowed", `Changing property '${path}' is not allowed.`, { target: path });
}
