/**
 * Names that Azure Resource Manager refuses for resources with an endpoint, whether the endpoint is on or not (azure-docs,
 * error-reserved-resource-name.md; seen for VMs in azure-quickstart-templates #2894, for storage accounts in
 * trailofbits/algo #617).
 */
import { badRequest } from "./armError.ts";

const reservedParts = /microsoft|windows|^login|^xbox/i;
const reservedNames =
  /^(?:access|azure|bing|bizspark|biztalk|cortana|directx|dotnet|dynamics|excel|exchange|forefront|groove|hololens|hyperv|kinect|lync|msdn|o365|office|office365|onedrive|onenote|outlook|powerpoint|sharepoint|skype|visio|visualstudio)$/i;

/** @throws ArmError `ReservedResourceName`. */
export function refuseReservedName(name: string): void {
  if (!reservedParts.test(name) && !reservedNames.test(name)) return;
  throw badRequest(
    "ReservedResourceName",
    `The resource name '${name}' or a part of the name is a trademarked or reserved word.`,
  );
}
