/**
 * Which Azure Bastion SKU has which feature (azure-docs, includes/bastion-sku.md, reliability-bastion.md).
 * Written from the documentation on its own, so that a wrong row in the components' table shows as a refusal here.
 */
import { flagAt, numberAt, objectsAt, textAt, textsAt, valueAt } from "../../bodies.ts";
import { ArmError } from "../../model.ts";
import type { JsonObject } from "../../model.ts";

const skus = ["Developer", "Basic", "Standard", "Premium"] as const;
export type BastionSku = (typeof skus)[number];

/** The first SKU that has a feature. */
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

/** The features that a Bastion host can have, by the name of their flag. */
export const bastionFlags: readonly string[] = Object.keys(firstSkuWith);

/** The SKU of a body; a body without one asks for Standard (Microsoft.Network specification, `Sku`). */
export function bastionSkuOf(body: JsonObject | undefined): BastionSku {
  return skus.find((sku) => sku === textAt(body, "sku.name")) ?? "Standard";
}

/** Whether the first SKU is lower than the second. */
export function isLower(a: BastionSku, b: BastionSku): boolean {
  return skus.indexOf(a) < skus.indexOf(b);
}

/**
 * Checks the features that a Bastion host asks for against its SKU.
 * @throws ArmError. `FeatureNotSupportedForDeveloperBastionSku` is Azure's (pulumi-azure-native #4000); the codes of the
 * other SKUs are formed after it.
 */
export function checkFeatures(body: JsonObject): void {
  const sku = bastionSkuOf(body);
  const refused = bastionFlags.filter((flag) => {
    const first = firstSkuWith[flag];
    return flagAt(body, `properties.${flag}`) === true && first !== undefined && isLower(sku, first);
  });
  if (textsAt(body, "zones").length > 0 && sku === "Developer") refused.push("zones");
  if (refused.length > 0) {
    throw new ArmError(
      400,
      `FeatureNotSupportedFor${sku}BastionSku`,
      `Bastion feature(s) ${refused.join(", ")} are not supported for ${sku} SKU.`,
    );
  }
  checkScaleUnits(body, sku);
  if (
    flagAt(body, "properties.enableSessionRecording") === true &&
    flagAt(body, "properties.enableTunneling") === true
  ) {
    throw new ArmError(
      400,
      "BastionSessionRecordingNotSupportedWithTunneling",
      "Session recording and tunneling cannot be enabled together on a Bastion host.",
    );
  }
  if (sku !== "Developer" && objectsAt(body, "properties.networkAcls.ipRules").length > 0) {
    throw new ArmError(
      400,
      `FeatureNotSupportedFor${sku}BastionSku`,
      `Bastion feature(s) networkAcls are not supported for ${sku} SKU.`,
    );
  }
}

/** Basic has two instances; Standard and Premium take 2 to 50; Developer runs on shared ones. */
function checkScaleUnits(body: JsonObject, sku: BastionSku): void {
  if (valueAt(body, "properties.scaleUnits") === undefined) return;
  const units = numberAt(body, "properties.scaleUnits") ?? 0;
  if (sku === "Developer" || (sku === "Basic" && units !== 2)) {
    throw new ArmError(
      400,
      `FeatureNotSupportedFor${sku}BastionSku`,
      `Bastion feature(s) scaleUnits are not supported for ${sku} SKU.`,
    );
  }
  if (units < 2 || units > 50) {
    throw new ArmError(
      400,
      "BastionInvalidScaleUnits",
      `Scale units ${units} of the Bastion host are not valid. Allowed range 2-50.`,
    );
  }
}
