/** Azure's requirements for an image and a VM created from it. */
import { flagAt, objectAt, textAt, type JsonObject } from "../../json.ts";
import { ArmError, badRequest } from "../../armError.ts";
import { invalidParameter, missingParameter } from "./invalidParameter.ts";
import type { OperatingSystem } from "./osProfileRules.ts";

const windowsPublishers = /^Microsoft(Windows|SQLServer|VisualStudio|DynamicsAX|SharePoint)/i;

/** Form of size names (azure-docs, vm-naming-conventions.md). The sandbox does not know which sizes a region has. */
const sizeName = /^(Standard|Basic)_[A-Z]{1,2}[A-Za-z0-9-]*\d[A-Za-z0-9-]*(_[A-Za-z0-9]+)*$/;

/** Returns the operating system of a VM: that of its disk, otherwise that of its image's publisher. */
export function operatingSystemOf(body: JsonObject): OperatingSystem {
  const declared = textAt(body, "properties.storageProfile.osDisk.osType");
  if (declared === "Windows" || declared === "Linux") return declared;
  const publisher = textAt(body, "properties.storageProfile.imageReference.publisher") ?? "";
  return windowsPublishers.test(publisher) ? "Windows" : "Linux";
}

/** @throws ArmError `InvalidParameter` */
export function checkSize(body: JsonObject, location: string): void {
  const size = textAt(body, "properties.hardwareProfile.vmSize");
  if (size === undefined) throw missingParameter("vmSize");
  if (sizeName.test(size)) return;
  throw invalidParameter(
    "vmSize",
    `The value ${size} provided for the VM size is not valid. Find out more on the available VM sizes in ${location} at https://aka.ms/azure-regions.`,
  );
}

/** @throws ArmError `InvalidParameter`, `PlatformImageNotFound` */
export function checkImage(body: JsonObject): void {
  const image = objectAt(body, "properties.storageProfile.imageReference");
  if (["id", "sharedGalleryImageId", "communityGalleryImageId"].some((member) => textAt(image, member))) return;
  const parts = ["publisher", "offer", "sku", "version"].map((member) => {
    const value = textAt(image, member);
    if (value === undefined || value === "") throw missingParameter(`imageReference.${member}`);
    return value;
  });
  const version = parts[3] ?? "";
  const isWellFormed = parts.slice(0, 3).every((part) => /^[A-Za-z0-9_.-]+$/.test(part));
  if (isWellFormed && (version === "latest" || /^\d+\.\d+\.\d+$/.test(version))) return;
  throw new ArmError(
    404,
    "PlatformImageNotFound",
    `The platform image '${parts.join(":")}' is not available. Verify that all fields in the storage profile are correct. For more details about storage profile information, please refer to https://aka.ms/storageprofile`,
    { target: "imageReference" },
  );
}

/**
 * Trusted launch requires a generation 2 image, and its settings require trusted launch (azure-docs,
 * trusted-launch.md).
 * @throws ArmError `BadRequest`, `InvalidParameter`
 */
export function checkTrustedLaunch(body: JsonObject): void {
  const profile = objectAt(body, "properties.securityProfile");
  const type = textAt(profile, "securityType");
  const asksUefi = ["secureBootEnabled", "vTpmEnabled"].some(
    (flag) => flagAt(profile, `uefiSettings.${flag}`) === true,
  );
  if (asksUefi && type !== "TrustedLaunch" && type !== "ConfidentialVM") {
    throw invalidParameter("securityProfile.uefiSettings");
  }
  if (type === "TrustedLaunch" && isGeneration1(objectAt(body, "properties.storageProfile.imageReference"))) {
    throw badRequest(
      "BadRequest",
      "Use of TrustedLaunch setting is not supported for the provided image. Please select Trusted Launch Supported Gen2 OS Image. For more information, see https://aka.ms/TrustedLaunch-FAQ.",
    );
  }
}

/** Image families whose SKU names show the generation: the plain SKU is generation 1, the marked one generation 2. */
function isGeneration1(image: JsonObject): boolean {
  const offer = (textAt(image, "offer") ?? "").toLowerCase();
  const sku = (textAt(image, "sku") ?? "").toLowerCase();
  // Azure has no images for Arm64 of generation 1.
  const marksGeneration2 = /gen2|gensecond|-g2\b|arm64/.test(sku);
  if (offer.startsWith("0001-com-ubuntu-server-") || offer === "ubuntuserver") return !marksGeneration2;
  if (/^debian-1[0-2]$/.test(offer)) return !marksGeneration2;
  // The newest Ubuntu offers mark generation 1 instead: `server-gen1`.
  if (/^ubuntu-2\d_\d\d/.test(offer)) return sku.includes("gen1");
  if (offer === "windowsserver") return !marksGeneration2 && !sku.includes("azure-edition");
  return false;
}
