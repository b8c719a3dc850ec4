/**
 * Which Azure Bastion SKU has which features (azure-docs, includes/bastion-sku.md, reliability-bastion.md). Written
 * from the documentation independently, so that a wrong row in the components' table is refused here.
 */
import { flagAt, numberAt, objectsAt, textAt, textsAt, valueAt, type JsonObject } from "../../json.ts";
import { badRequest } from "../../armError.ts";

const skus = ["Developer", "Basic", "Standard", "Premium"] as const;
export type BastionSku = (typeof skus)[number];

/** The smallest SKU that has a feature. */
const firstSkuWith: Readonly<Record<string, BastionSku>> = {
  enableKerberos: "Basic",
  enableTunneling: "Standard",
  enableIpConnect: "Standard",
  enableShareableLink: "Standard",
  enableFileCopy: "Standard",
  disableCopyPaste: "Standard",
  enablePrivateOnlyBastion: "Premium",
  enableSessionRecording: "Premium",
};

/** The features of Bastion hosts, by the names of their flags. */
export const bastionFlags: readonly string[] = Object.keys(firstSkuWith);

/** Returns the SKU of a body; a body without one means Standard (Microsoft.Network specification, `Sku`). */
export function bastionSkuOf(body: JsonObject | undefined): BastionSku {
  return skus.find((sku) => sku === textAt(body, "sku.name")) ?? "Standard";
}

/** Whether the first SKU is lower than the second. */
export function isLower(a: BastionSku, b: BastionSku): boolean {
  return skus.indexOf(a) < skus.indexOf(b);
}

/**
 * Checks the features of a Bastion host against its SKU.
 * @throws ArmError. `FeatureNotSupportedForDeveloperBastionSku` is Azure's (pulumi-azure-native #4000); the codes for
 * other SKUs are modelled on it.
 */
export function checkFeatures(body: JsonObject): void {
  const sku = bastionSkuOf(body);
  const refused = bastionFlags.filter((flag) => {
    const first = firstSkuWith[flag];
    return flagAt(body, `properties.${flag}`) === true && first !== undefined && isLower(sku, first);
  });
  if (textsAt(body, "zones").length > 0 && sku === "Developer") refused.push("zones");
  if (refused.length > 0) {
    throw badRequest(
      `FeatureNotSupportedFor${sku}BastionSku`,
      `Bastion feature(s) ${refused.join(", ")} are not supported for ${sku} SKU.`,
    );
  }
  checkScaleUnits(body, sku);
  if (
    flagAt(body, "properties.enableSessionRecording") === true &&
    flagAt(body, "properties.enableTunneling") === true
  ) {
    throw badRequest(
      "BastionSessionRecordingNotSupportedWithTunneling",
      "Session recording and tunneling cannot be enabled together on a Bastion host.",
    );
  }
  if (sku !== "Developer" && objectsAt(body, "properties.networkAcls.ipRules").length > 0) {
    throw badRequest(
      `FeatureNotSupportedFor${sku}BastionSku`,
      `Bastion feature(s) networkAcls are not supported for ${sku} SKU.`,
    );
  }
}

/** Basic has two instances; Standard and Premium have 2 to 50; Developer uses shared ones. */
function checkScaleUnits(body: JsonObject, sku: BastionSku): void {
  if (valueAt(body, "properties.scaleUnits") === undefined) return;
  const units = numberAt(body, "properties.scaleUnits") ?? 0;
  if (sku === "Developer" || (sku === "Basic" && units !== 2)) {
    throw badRequest(
      `FeatureNotSupportedFor${sku}BastionSku`,
      `Bastion feature(s) scaleUnits are not supported for ${sku} SKU.`,
    );
  }
  if (units < 2 || units > 50) {
    throw badRequest(
      "BastionInvalidScaleUnits",
      `Scale units ${units} of the Bastion host are not valid. Allowed range 2-50.`,
    );
  }
}
