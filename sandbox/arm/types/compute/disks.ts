import { numberAt, objectAt, textAt, textsAt, withProperties } from "../../bodies.ts";
import { anything, bool, int, list, obj, oneOf, readOnlyMembers, required, str, tracked } from "../../fields.ts";
import { requireZones } from "../../locations.ts";
import { ArmError } from "../../model.ts";
import type { PutContext, TypeRules } from "../../model.ts";
import { checkZonesKept } from "../network/zones.ts";
import { invalidParameter } from "./invalidParameter.ts";

export const diskType = "Microsoft.Compute/disks";

/** Managed disks: those that virtual machines make, and empty ones made for them. */
export const disks: TypeRules = {
  type: diskType,
  apiVersions: ["2022-07-02", "2023-01-02", "2023-04-02", "2023-10-02", "2024-03-02", "2025-01-02", "2026-03-02"],
  scope: "resourceGroup",
  name: {
    pattern: /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$/,
    code: "InvalidParameter",
    message: () => "The value of parameter disk.name is invalid.",
  },
  location: "required",
  shape: tracked(
    obj({
      creationData: required(
        obj({
          createOption: required(oneOf("Empty", "Attach", "FromImage", "Import", "Copy", "Restore", "Upload")),
          imageReference: anything(),
          sourceResourceId: str(),
        }),
      ),
      diskSizeGB: int(1, 65_536),
      dataAccessAuthMode: oneOf("AzureActiveDirectory", "None"),
      encryption: anything(),
      hyperVGeneration: oneOf("V1", "V2"),
      networkAccessPolicy: oneOf("AllowAll", "AllowPrivate", "DenyAll"),
      optimizedForFrequentAttach: bool(),
      osType: oneOf("Windows", "Linux"),
      publicNetworkAccess: oneOf("Enabled", "Disabled"),
      securityProfile: anything(),
      supportedCapabilities: anything(),
      tier: str(),
      ...readOnlyMembers("diskSizeBytes", "diskState", "provisioningState", "timeCreated", "uniqueId"),
    }),
    {
      sku: obj({ name: str(), ...readOnlyMembers("tier") }),
      zones: list(str()),
      extendedLocation: anything(),
      ...readOnlyMembers("managedBy", "managedByExtended"),
    },
  ),
  put: "async",
  delete: "async",
  patch: { of: "body", completion: "async" },
  check,
  complete: (context) => {
    const before = context.existing?.body;
    const managedBy = textAt(before, "managedBy");
    return {
      body: withProperties(
        {
          ...context.body,
          sku: { name: "Standard_LRS", ...objectAt(before, "sku"), ...objectAt(context.body, "sku") },
          ...(managedBy === undefined ? {} : { managedBy }),
        },
        {
          provisioningState: "Succeeded",
          diskState: managedBy === undefined ? "Unattached" : "Attached",
          timeCreated: textAt(before, "properties.timeCreated") ?? context.clock.now().toISOString(),
        },
      ),
    };
  },
  checkDelete({ existing }) {
    const machine = textAt(existing.body, "managedBy");
    if (machine === undefined) return;
    throw new ArmError(409, "OperationNotAllowed", `Disk ${existing.name} is attached to VM ${machine}.`);
  },
};

function check(context: PutContext): void {
  const location = textAt(context.body, "location") ?? "";
  requireZones(textsAt(context.body, "zones"), { location, type: diskType, name: context.name });
  const size = numberAt(context.body, "properties.diskSizeGB");
  const before = context.existing?.body;
  if (before !== undefined) {
    checkZonesKept(context.id, textsAt(before, "zones"), textsAt(context.body, "zones"));
    if (size !== undefined && size < (numberAt(before, "properties.diskSizeGB") ?? 0)) {
      throw invalidParameter("diskSizeGB", "Reducing the size of a disk is not allowed.");
    }
  }
  if (textAt(context.body, "properties.creationData.createOption") === "Empty" && size === undefined) {
    throw invalidParameter("diskSizeGB", "Required parameter 'disk.diskSizeGB' is missing (null).");
  }
}
